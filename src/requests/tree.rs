//! The tree of requests, and its notation.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

/// The name of the node above all requests, which is no request itself.
pub const ROOT: &str = "root";

/// The most requests of a tree.
pub const MOST_REQUESTS: usize = 100_000;

/// The requests of a scenario below their root, which is node 0.
//
// invariants: nodes are in the order of the notation; all nodes below a node follow it directly. There
// is at least one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Node {
    name: String,
    parent: usize,
    depth: usize,
    /// The first node after those below it.
    end: usize,
}

/// Why a text is not the notation of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeError {
    /// The position of the wrong character, counted from 1.
    pub character: usize,
    message: String,
}

impl TreeError {
    fn at(place: usize, message: impl Into<String>) -> Self {
        Self {
            character: place + 1,
            message: message.into(),
        }
    }

    fn unexpected(place: usize, character: char) -> Self {
        let shown = character.escape_debug();
        let message = format!("'{shown}' is unexpected; requests are written like A,B(C,D)");
        Self::at(place, message)
    }

    fn no_request(place: usize) -> Self {
        let message = format!("there is no request; write one, such as {ROOT}(A)");
        Self::at(place, message)
    }
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}, {}", self.character, self.message)
    }
}

impl std::error::Error for TreeError {}

impl Tree {
    /// Makes a tree of requests side by side.
    pub fn flat(names: impl IntoIterator<Item = String>) -> Self {
        let mut tree = Self::empty();
        for name in names {
            tree.push(name, 0);
        }
        tree.close(0);
        tree
    }

    /// Reads the notation: names separated by commas, each followed by the names below it in
    /// parentheses. A `root(...)` around all of it changes nothing.
    ///
    /// ```
    /// use miscount::requests::Tree;
    ///
    /// let tree = Tree::parse("root(A,B(C,D))").unwrap();
    /// assert_eq!(tree, Tree::parse("A, B(C, D)").unwrap());
    /// assert_eq!(tree.name(tree.parent(3)), "B");
    /// assert_eq!(Tree::parse("A,B(,D)").unwrap_err().character, 5);
    /// ```
    pub fn parse(text: &str) -> Result<Self, TreeError> {
        let reader = Reader {
            text: text.chars().collect(),
            place: 0,
            tree: Self::empty(),
            open: Vec::new(),
            names: HashSet::new(),
        };
        reader.read()
    }

    fn empty() -> Self {
        let root = Node {
            name: ROOT.into(),
            parent: 0,
            depth: 0,
            end: 1,
        };
        Self { nodes: vec![root] }
    }

    fn push(&mut self, name: String, parent: usize) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Node {
            name,
            parent,
            depth: self.nodes[parent].depth + 1,
            end: node + 1,
        });
        node
    }

    /// Ends the branch of this node.
    fn close(&mut self, node: usize) {
        self.nodes[node].end = self.nodes.len();
    }

    /// Returns all nodes: the root, and then the requests.
    pub fn nodes(&self) -> Range<usize> {
        0..self.nodes.len()
    }

    /// Returns the nodes of the requests.
    pub fn requests(&self) -> Range<usize> {
        1..self.nodes.len()
    }

    /// Returns the node and all nodes below it.
    pub(super) fn branch(&self, node: usize) -> Range<usize> {
        node..self.nodes[node].end
    }

    /// Returns the name of a node.
    pub fn name(&self, node: usize) -> &str {
        &self.nodes[node].name
    }

    /// Returns the parent of a node; the root is its own parent.
    pub fn parent(&self, node: usize) -> usize {
        self.nodes[node].parent
    }

    /// Returns the distance of a node from the root.
    pub fn depth(&self, node: usize) -> usize {
        self.nodes[node].depth
    }

    /// Returns the node of this name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.name == name)
    }
}

/// A parser that does not recurse, since a tree may be deeper than a stack.
struct Reader {
    text: Vec<char>,
    place: usize,
    tree: Tree,
    /// The nodes whose parentheses are open, and the places of these parentheses.
    open: Vec<(usize, usize)>,
    names: HashSet<String>,
}

impl Reader {
    fn read(mut self) -> Result<Tree, TreeError> {
        loop {
            let node = self.node()?;
            if self.takes('(') {
                self.open.push((node, self.place - 1));
                continue;
            }
            while !self.takes(',') {
                if self.takes(')') {
                    let not_opened = || TreeError::at(self.place - 1, "this ')' has no '('");
                    let (node, _) = self.open.pop().ok_or_else(not_opened)?;
                    self.tree.close(node);
                } else if let Some(&other) = self.text.get(self.place) {
                    return Err(TreeError::unexpected(self.place, other));
                } else {
                    return self.finish();
                }
            }
        }
    }

    fn finish(mut self) -> Result<Tree, TreeError> {
        if let Some((_, place)) = self.open.pop() {
            return Err(TreeError::at(place, "this '(' has no ')'"));
        }
        if self.tree.requests().is_empty() {
            return Err(TreeError::no_request(self.place));
        }
        self.tree.close(0);
        Ok(self.tree)
    }

    /// Reads a name, and adds it to the tree.
    fn node(&mut self) -> Result<usize, TreeError> {
        self.skip_spaces();
        let start = self.place;
        let letters = self.text[start..].iter().copied();
        let name: String = letters.take_while(|&c| is_of_name(c)).collect();
        self.place += name.chars().count();
        let is_first = self.tree.requests().is_empty();
        if name.is_empty() {
            return Err(match self.text.get(start) {
                Some(&other) if !matches!(other, ',' | ')') => TreeError::unexpected(start, other),
                None | Some(')') if is_first => TreeError::no_request(start),
                _ => TreeError::at(start, "the name of a request is missing"),
            });
        }
        let parent = self.open.last().map(|&(node, _)| node);
        let message = if name == ROOT && is_first && parent.is_none() {
            self.names.insert(name);
            return Ok(0);
        } else if name == ROOT || parent.is_none() && self.names.contains(ROOT) {
            format!("{ROOT} stands for all requests together and can only be around all of them")
        } else if self.names.contains(&name) {
            format!("there is a second {name}; give it another name")
        } else if self.tree.requests().len() == MOST_REQUESTS {
            format!("there is one more than the most requests, {MOST_REQUESTS}")
        } else {
            self.names.insert(name.clone());
            return Ok(self.tree.push(name, parent.unwrap_or(0)));
        };
        Err(TreeError::at(start, message))
    }

    /// Skips spaces, and then this sign if it comes next; returns whether it did.
    fn takes(&mut self, sign: char) -> bool {
        self.skip_spaces();
        let comes = self.text.get(self.place) == Some(&sign);
        self.place += usize::from(comes);
        comes
    }

    fn skip_spaces(&mut self) {
        while self.text.get(self.place).is_some_and(|c| c.is_whitespace()) {
            self.place += 1;
        }
    }
}

/// Returns whether names may contain this character, which must have no meaning in the notation, in a
/// flag or in a shell.
fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns each node with its parent and the nodes below it.
    fn shape(text: &str) -> Vec<String> {
        let tree = Tree::parse(text).unwrap();
        let describe = |node| {
            let parent = tree.name(tree.parent(node));
            let below = tree.branch(node).skip(1).map(|node| tree.name(node));
            let below: String = below.collect();
            format!("{parent}>{}:{below}", tree.name(node))
        };
        tree.nodes().map(describe).collect()
    }

    #[test]
    fn what_stands_in_parentheses_is_below() {
        assert_eq!(
            shape("A,B(C(D),E),F"),
            [
                "root>root:ABCDEF",
                "root>A:",
                "root>B:CDE",
                "B>C:D",
                "C>D:",
                "B>E:",
                "root>F:"
            ]
        );
        assert_eq!(shape("root(A)"), shape(" A "));
        assert_eq!(shape("root ( A ( x-1 , y_2 ) )"), shape("A(x-1,y_2)"));
        assert_eq!(shape("rooted(A)")[1], "root>rooted:A");
    }

    #[test]
    fn an_error_points_at_its_place() {
        for (text, character, word) in [
            ("", 1, "no request"),
            ("  ", 3, "no request"),
            ("root", 5, "no request"),
            ("root()", 6, "no request"),
            ("()", 1, "'('"),
            ("(((", 1, "'('"),
            ("A((B))", 3, "'('"),
            ("A,(B)", 3, "'('"),
            ("@", 1, "'@'"),
            ("A(@)", 3, "'@'"),
            (")", 1, "no request"),
            (",A", 1, "name"),
            ("A,", 3, "name"),
            ("A,,B", 3, "name"),
            ("A,B(,D)", 5, "name"),
            ("A()", 3, "name"),
            ("A,B(C", 4, "no ')'"),
            ("A)", 2, "no '('"),
            ("root(A))", 8, "no '('"),
            ("A(B)(C)", 5, "'('"),
            ("A(B)C", 5, "'C'"),
            ("A B", 3, "'B'"),
            ("A@B", 2, "'@'"),
            ("A,\u{1b}", 3, "u{1b}"),
            ("A,B(A)", 5, "second A"),
            ("Ä,B(Ä)", 5, "second Ä"),
            ("A,root(B)", 3, "all requests"),
            ("root(A),B", 9, "all requests"),
            ("root(root(A))", 6, "all requests"),
        ] {
            let error = Tree::parse(text).unwrap_err();
            assert_eq!(error.character, character, "{text}: {error}");
            assert!(error.to_string().contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn a_tree_may_be_deep_and_has_a_limit() {
        let names = |count: usize| (0..count).map(|name| name.to_string());
        let deep: Vec<_> = names(MOST_REQUESTS).collect();
        let deep = deep.join("(") + &")".repeat(MOST_REQUESTS - 1);
        let tree = Tree::parse(&deep).unwrap();
        assert_eq!(tree.depth(MOST_REQUESTS), MOST_REQUESTS);
        let flat: Vec<_> = names(MOST_REQUESTS + 1).collect();
        let error = Tree::parse(&flat.join(",")).unwrap_err();
        assert!(error.to_string().contains("100000"), "{error}");
    }
}
