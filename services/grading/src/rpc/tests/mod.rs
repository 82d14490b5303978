//! The RPCs through the generated client and the whole stack.

mod corrections;
mod diary;
mod feeds;
mod journals;
mod lessons;
mod looks;
mod marks;
mod paper;
mod statements;
mod together;
mod transfers;
mod unmarked;
