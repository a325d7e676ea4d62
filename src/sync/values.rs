//! The values that contexts pass to their children.

use std::any::Any;
use std::sync::Arc;

/// An immutable list of named values, the latest first, whose tail may be shared with other lists.
///
/// A child that binds a value puts one link in front of its parent's list. The parent's list does not
/// change, and an earlier binding of the same name is hidden, not replaced.
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
    /// Frees link after link until one is shared. The drop that the compiler generates would recurse,
    /// and a long list would overflow the stack.
    fn drop(&mut self) {
        let mut rest = self.rest.0.take();
        while let Some(mut link) = rest.and_then(Arc::into_inner) {
            rest = link.rest.0.take();
        }
    }
}
