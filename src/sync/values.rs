//! The values that contexts hand down.

use std::any::Any;
use std::sync::Arc;

/// An immutable list of named values, the latest first, whose tail may be shared with others.
///
/// A child that binds a value puts one link in front of its parent's list. The parent's own list
/// stays what it was, and an earlier binding of the same name is hidden, not replaced.
#[derive(Clone, Default)]
pub(super) struct Values(Option<Arc<Link>>);

struct Link {
    key: &'static str,
    value: Box<dyn Any + Send + Sync>,
    rest: Values,
}

impl Values {
    pub(super) fn with(&self, key: &'static str, value: Box<dyn Any + Send + Sync>) -> Self {
        Self(Some(Arc::new(Link {
            key,
            value,
            rest: self.clone(),
        })))
    }

    pub(super) fn get(&self, key: &str) -> Option<&(dyn Any + Send + Sync)> {
        let mut link = self.0.as_deref()?;
        while link.key != key {
            link = link.rest.0.as_deref()?;
        }
        Some(&*link.value)
    }
}

impl Drop for Link {
    /// Link after link, for as long as nobody else holds them: left to the compiler, a long list
    /// would be freed by as deep a recursion, and overflow the stack.
    fn drop(&mut self) {
        let mut rest = self.rest.0.take();
        while let Some(mut link) = rest.and_then(Arc::into_inner) {
            rest = link.rest.0.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(values: &Values, key: &str) -> Option<u32> {
        values.get(key)?.downcast_ref().copied()
    }

    #[test]
    fn the_latest_binding_counts_and_the_earlier_list_is_untouched() {
        let parent = Values::default()
            .with("a", Box::new(1_u32))
            .with("b", Box::new(2_u32));
        let child = parent.with("a", Box::new(3_u32));
        assert_eq!(
            (number(&child, "a"), number(&child, "b")),
            (Some(3), Some(2))
        );
        assert_eq!(number(&parent, "a"), Some(1));
        assert_eq!(number(&child, "c"), None);
    }

    #[test]
    fn a_long_list_is_freed_without_recursion_and_a_shared_tail_survives() {
        let mut list = Values::default().with("end", Box::new(7_u32));
        let tail = list.clone();
        for _ in 0..100_000 {
            list = list.with("filler", Box::new(()));
        }
        assert_eq!(number(&list, "end"), Some(7));
        drop(list);
        assert_eq!(number(&tail, "end"), Some(7));
    }
}
