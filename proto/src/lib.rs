//! The contract: generated messages, clients and servers of every service, the
//! descriptor set with our options, ids, request checks and the Cedar policies.
//!
//! Invariant: nothing here depends on another crate of ours.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod id;
pub mod validate;

use std::sync::OnceLock;

use prost_reflect::DescriptorPool;

/// Messages of `google.api` that we define.
pub mod google {
    #[allow(missing_docs, clippy::all, clippy::unwrap_used)]
    pub mod api {
        include!(concat!(env!("OUT_DIR"), "/google.api.rs"));
    }
}

macro_rules! packages {
    ($($name:ident = $file:literal),* $(,)?) => {
        /// The packages `zhurnal.*`, nested as the generated code expects.
        pub mod zhurnal {
            $(
                #[doc = concat!("Package `", $file, "`.")]
                pub mod $name {
                    #[allow(missing_docs, clippy::all, clippy::unwrap_used)]
                    pub mod v1 {
                        include!(concat!(env!("OUT_DIR"), "/", $file, ".rs"));
                    }
                }
            )*
        }
    };
}

packages! {
    access = "zhurnal.access.v1",
    validate = "zhurnal.validate.v1",
    r#type = "zhurnal.r#type.v1",
    identity = "zhurnal.identity.v1",
    roster = "zhurnal.roster.v1",
    schedule = "zhurnal.schedule.v1",
    grading = "zhurnal.grading.v1",
    notification = "zhurnal.notification.v1",
    reporting = "zhurnal.reporting.v1",
}

pub use zhurnal::{
    access, grading, identity, notification, reporting, roster, schedule, r#type as types,
};

#[allow(clippy::unwrap_used, clippy::useless_conversion)]
mod validators {
    include!(concat!(env!("OUT_DIR"), "/validators.rs"));
}

/// Encoded `FileDescriptorSet` with comments and our custom options.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// The Cedar policies, one text.
pub const POLICIES: &str = include_str!("../policies/zhurnal.cedar");

/// The Cedar schema of the policies.
pub const POLICY_SCHEMA: &str = include_str!("../policies/schema.cedarschema");

/// The descriptor pool of [`FILE_DESCRIPTOR_SET`], decoded once.
///
/// # Panics
/// Never in a build that passed this crate's tests: the bytes are our own.
#[allow(clippy::expect_used)]
pub fn descriptor_pool() -> &'static DescriptorPool {
    static POOL: OnceLock<DescriptorPool> = OnceLock::new();
    POOL.get_or_init(|| {
        DescriptorPool::decode(FILE_DESCRIPTOR_SET).expect("own descriptor set decodes")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rpc_carries_a_complete_access_rule() {
        let pool = descriptor_pool();
        let extension = pool
            .get_extension_by_name("zhurnal.access.v1.rule")
            .unwrap();
        let mut count = 0;
        for method in pool
            .services()
            .flat_map(|s| s.methods().collect::<Vec<_>>())
        {
            count += 1;
            let options = method.options();
            assert!(
                options.has_extension(&extension),
                "{} has no access rule",
                method.full_name()
            );
            let value = options.get_extension(&extension).into_owned();
            let rule = value.as_message().unwrap();
            for field in [
                "permission",
                "resolver",
                "data_class",
                "idempotency",
                "audit",
                "criticality",
                "callers",
            ] {
                assert!(
                    rule.has_field_by_name(field),
                    "{}: {field} is not said",
                    method.full_name()
                );
            }
        }
        assert!(count > 50, "only {count} RPCs");
    }

    #[test]
    fn an_rpc_replayed_by_request_id_has_that_field() {
        let pool = descriptor_pool();
        let extension = pool
            .get_extension_by_name("zhurnal.access.v1.rule")
            .unwrap();
        for method in pool
            .services()
            .flat_map(|s| s.methods().collect::<Vec<_>>())
        {
            let value = method.options().get_extension(&extension).into_owned();
            let by_request_id = value
                .as_message()
                .unwrap()
                .get_field_by_name("idempotency")
                .unwrap()
                .as_enum_number()
                == Some(2);
            let has_field = method.input().get_field_by_name("request_id").is_some();
            assert_eq!(by_request_id, has_field, "{}", method.full_name());
        }
    }
}
