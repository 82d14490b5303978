//! Producer and consumer together, over two databases.

mod followers;
mod stage;
mod streams;
