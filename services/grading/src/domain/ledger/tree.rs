//! Hash tree of RFC 6962, kept as the roots of its complete subtrees.

use sha2::{Digest, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// Hash of a leaf: SHA-256(0x00 ‖ data).
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(data)
        .finalize()
        .into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// A tree that only grows: what is needed to add a leaf and to tell the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// Roots of the complete subtrees, the largest first: one per bit of `size`.
    roots: Vec<Hash>,
}

impl Frontier {
    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut bits = self.size;
        while bits & 1 == 1 {
            // One root per set bit: there is one to take.
            if let Some(left) = self.roots.pop() {
                hash = node_hash(&left, &hash);
            }
            bits >>= 1;
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// Root of all leaves; of none: SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        match roots.next() {
            None => Sha256::digest([]).into(),
            Some(last) => roots.fold(*last, |right, left| node_hash(left, &right)),
        }
    }

    /// Bytes to keep between checkpoints.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.roots.concat()
    }

    /// Back from the bytes; `None` when they do not fit the size.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Frontier> {
        let (roots, rest) = bytes.as_chunks::<32>();
        (rest.is_empty() && roots.len() == size.count_ones() as usize).then(|| Frontier {
            size,
            roots: roots.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition of RFC 6962, section 2.1, word for word.
    fn definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            _ => {
                let mut half = 1;
                while half * 2 < leaves.len() {
                    half *= 2;
                }
                node_hash(&definition(&leaves[..half]), &definition(&leaves[half..]))
            }
        }
    }

    /// Test vectors of RFC 6962 implementations (leaves of certificate-transparency).
    #[test]
    fn the_known_roots_come_out() {
        let leaves: [&[u8]; 4] = [b"", b"\x00", b"\x10", b"\x20\x21"];
        let mut tree = Frontier::default();
        let mut roots = vec![hex::encode(tree.root())];
        for leaf in leaves {
            tree.push(leaf_hash(leaf));
            roots.push(hex::encode(tree.root()));
        }
        assert_eq!(
            roots,
            [
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
    }

    proptest! {
        #[test]
        fn growing_and_the_definition_agree(data in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 0..70)) {
            let leaves: Vec<Hash> = data.iter().map(|bytes| leaf_hash(bytes)).collect();
            let mut tree = Frontier::default();
            for (size, leaf) in leaves.iter().enumerate() {
                prop_assert_eq!(tree.root(), definition(&leaves[..size]));
                tree.push(*leaf);
            }
            prop_assert_eq!(tree.root(), definition(&leaves));
            let kept = Frontier::from_bytes(tree.size(), &tree.to_bytes());
            prop_assert_eq!(kept, Some(tree));
        }

        #[test]
        fn any_other_leaf_gives_another_root(count in 1usize..60, at in 0usize..60) {
            let leaves: Vec<Hash> = (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect();
            let mut changed = leaves.clone();
            changed[at % count] = leaf_hash(b"forged");
            prop_assert_ne!(definition(&leaves), definition(&changed));
        }
    }
}
