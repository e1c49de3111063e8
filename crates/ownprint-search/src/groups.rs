//! Groups of positions (disjoint sets).

/// Disjoint sets of positions, with path halving (R. Tarjan).
#[derive(Debug)]
pub(crate) struct Groups {
    parents: Vec<u32>,
}

impl Groups {
    /// Creates this many sets of one position each.
    pub(crate) fn new(positions: usize) -> Self {
        Self { parents: (0..positions as u32).collect() }
    }

    /// Returns the lowest position of the set that contains `position`.
    pub(crate) fn first(&mut self, mut position: u32) -> u32 {
        loop {
            let parent = self.parent(position);
            if parent == position {
                return position;
            }
            let grandparent = self.parent(parent);
            if let Some(link) = self.parents.get_mut(position as usize) {
                *link = grandparent;
            }
            position = grandparent;
        }
    }

    /// Merges the sets of two positions.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.first(a), self.first(b));
        // The lowest position is the root, so the result does not depend on the order of merges.
        if let Some(link) = self.parents.get_mut(a.max(b) as usize) {
            *link = a.min(b);
        }
    }

    fn parent(&self, position: u32) -> u32 {
        self.parents.get(position as usize).copied().unwrap_or(position)
    }
}
