//! HTTP/JSON ⇄ gRPC by the descriptor set: the gateway has no line of code per RPC.

pub mod call;
pub mod from_json;
pub mod layout;
pub mod request;
pub mod response;
pub mod route;
pub mod template;
pub mod to_json;

#[cfg(test)]
mod agreement;
