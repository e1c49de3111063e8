//! Groups of positions (disjoint sets).

/// Sets of positions that are joined two by two (disjoint sets with path halving, R. Tarjan).
#[derive(Debug)]
pub(crate) struct Groups {
    parents: Vec<u32>,
}

impl Groups {
    /// So many positions, each alone.
    pub(crate) fn new(positions: usize) -> Self {
        Self { parents: (0..positions as u32).collect() }
    }

    /// The first position of the set that `position` is in.
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
        // The lowest position leads, so that the order of joining does not show.
        if let Some(link) = self.parents.get_mut(a.max(b) as usize) {
            *link = a.min(b);
        }
    }

    fn parent(&self, position: u32) -> u32 {
        self.parents.get(position as usize).copied().unwrap_or(position)
    }
}
