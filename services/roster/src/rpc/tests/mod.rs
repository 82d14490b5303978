//! The RPCs through the generated client, behind the whole stack.
