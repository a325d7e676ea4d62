//! How long-running work reports its progress: one trait for runs, rounds, wait groups and requests.
//!
//! It is here because both `lab` and `requests` report events, and `sync` is all that they share.

/// A collector, a progress line or a writer that is notified of events of type `E` while work goes
/// on.
///
/// A pair notifies its first part, then its second; an `Option` notifies its value, if there is one.
/// So `(collector, (progress, stream))` is one observer, and the work calls it without knowing how
/// many there are.
pub trait Observer<E> {
    /// Takes note of an event.
    fn observe(&mut self, event: &E);

    /// Is called now and then while there are no events: an opportunity to redraw or to flush.
    fn idle(&mut self) {}
}

/// Ignores all events.
impl<E> Observer<E> for () {
    fn observe(&mut self, _: &E) {}
}

impl<E, A: Observer<E> + ?Sized> Observer<E> for &mut A {
    fn observe(&mut self, event: &E) {
        (**self).observe(event);
    }

    fn idle(&mut self) {
        (**self).idle();
    }
}

impl<E, A: Observer<E>> Observer<E> for Option<A> {
    fn observe(&mut self, event: &E) {
        if let Some(observer) = self {
            observer.observe(event);
        }
    }

    fn idle(&mut self) {
        if let Some(observer) = self {
            observer.idle();
        }
    }
}

impl<E, A: Observer<E>, B: Observer<E>> Observer<E> for (A, B) {
    fn observe(&mut self, event: &E) {
        self.0.observe(event);
        self.1.observe(event);
    }

    fn idle(&mut self) {
        self.0.idle();
        self.1.idle();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// Writes its number and the event to a shared log; 0 for an idle moment.
    struct Logging<'a>(&'a RefCell<Vec<(u64, u64)>>, u64);

    impl Observer<u64> for Logging<'_> {
        fn observe(&mut self, event: &u64) {
            self.0.borrow_mut().push((self.1, *event));
        }

        fn idle(&mut self) {
            self.0.borrow_mut().push((self.1, 0));
        }
    }

    #[test]
    fn every_part_of_an_observer_is_notified_in_order() {
        let log = RefCell::default();
        let [mut one, two, three] = [1, 2, 3].map(|number| Logging(&log, number));
        let none: Option<Logging> = None;
        let observer: &mut dyn Observer<u64> = &mut ((&mut one, (none, Some(two))), three);
        observer.observe(&7);
        observer.idle();
        let log = log.into_inner();
        assert_eq!(log, [(1, 7), (2, 7), (3, 7), (1, 0), (2, 0), (3, 0)]);
    }
}
