//! Entries that lie close together.

/// Sets of places that are joined two by two (disjoint sets with path halving, R. Tarjan).
#[derive(Debug)]
pub(crate) struct Groups {
    parents: Vec<u32>,
}

impl Groups {
    /// So many places, each alone.
    pub(crate) fn new(places: usize) -> Self {
        Self { parents: (0..places as u32).collect() }
    }

    /// The first place of the set that `place` is in.
    pub(crate) fn first(&mut self, mut place: u32) -> u32 {
        loop {
            let parent = self.parent(place);
            if parent == place {
                return place;
            }
            let grandparent = self.parent(parent);
            if let Some(link) = self.parents.get_mut(place as usize) {
                *link = grandparent;
            }
            place = grandparent;
        }
    }

    /// Makes one set of those that two places are in.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.first(a), self.first(b));
        // The lowest place leads, so that the order of joining does not show.
        if let Some(link) = self.parents.get_mut(a.max(b) as usize) {
            *link = a.min(b);
        }
    }

    fn parent(&self, place: u32) -> u32 {
        self.parents.get(place as usize).copied().unwrap_or(place)
    }
}
