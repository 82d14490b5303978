//! What the descriptor says about every RPC: option `zhurnal.access.v1.rule`.
//!
//! A service with an RPC that has no complete rule does not start.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor};
use zhurnal_proto::access::v1::{
    Audit, CallerKind, Criticality, DataClass, Idempotency, Rule as RuleOption,
};

use crate::caller::Caller;

const EXTENSION: &str = "zhurnal.access.v1.rule";

/// The rule of one RPC.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Short service name: `grading`.
    pub service: &'static str,
    /// Method name: `RecordMarks`.
    pub method: &'static str,
    /// Request path: `/zhurnal.grading.v1.GradingService/RecordMarks`.
    pub path: &'static str,
    /// Permission = Cedar action.
    pub permission: &'static str,
    /// Request field that names the resource; empty where the caller is it.
    pub resource: String,
    /// How the resource's facts are found.
    pub resolver: String,
    /// Most sensitive data in the answer.
    pub data_class: DataClass,
    /// Behaviour of a repeated call.
    pub idempotency: Idempotency,
    /// What the access log keeps.
    pub audit: Audit,
    /// Which calls are shed first.
    pub criticality: Criticality,
    /// Kinds of caller that may try.
    pub callers: Vec<CallerKind>,
    /// Demands a fresh proof of who is in the session.
    pub step_up: bool,
    /// Open to a session that has yet to set up its second factor.
    pub without_second_factor: bool,
    /// The client sends a stream.
    pub client_streaming: bool,
    /// The server answers with a stream.
    pub server_streaming: bool,
}

impl Rule {
    /// One request, one answer.
    pub fn is_unary(&self) -> bool {
        !self.client_streaming && !self.server_streaming
    }

    /// Whether the kind of caller may try at all.
    pub fn admits(&self, caller: &Caller) -> bool {
        self.callers.contains(&caller.kind())
    }
}

/// Why a set of rules cannot be used: the service must not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// An RPC carries no rule.
    #[error("{0} has no (zhurnal.access.v1.rule): refusing to start")]
    Missing(String),
    /// A rule leaves something unsaid.
    #[error("{0}: its rule does not say `{1}`: refusing to start")]
    Incomplete(String, &'static str),
    /// The package has no RPC: a wrong service name.
    #[error("package {0} has no RPC: refusing to start")]
    Empty(String),
    /// The descriptor set lacks the extension.
    #[error("the descriptor set does not define {EXTENSION}")]
    NoExtension,
}

/// Rules of a set of RPCs by request path.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    by_path: Arc<HashMap<&'static str, Arc<Rule>>>,
}

impl Rules {
    /// Rules of the service: every RPC of package `zhurnal.<name>.v1`.
    pub fn of_service(name: &str) -> Result<Rules, RuleError> {
        Self::of_package(
            zhurnal_proto::descriptor_pool(),
            &format!("zhurnal.{name}.v1"),
        )
    }

    /// Rules of every RPC of the package in a descriptor pool.
    pub fn of_package(pool: &DescriptorPool, package: &str) -> Result<Rules, RuleError> {
        let rules = collect(pool, |p| p == package)?;
        if rules.by_path.is_empty() {
            return Err(RuleError::Empty(package.to_owned()));
        }
        Ok(rules)
    }

    /// Rules of all our RPCs, for clients. Incomplete ones are an error.
    pub fn all() -> Result<&'static Rules, RuleError> {
        static ALL: LazyLock<Result<Rules, RuleError>> = LazyLock::new(|| {
            collect(zhurnal_proto::descriptor_pool(), |p| {
                p.starts_with("zhurnal.")
            })
        });
        ALL.as_ref().map_err(Clone::clone)
    }

    /// The rule of the request path.
    pub fn get(&self, path: &str) -> Option<&Arc<Rule>> {
        self.by_path.get(path)
    }

    /// All rules, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.by_path.values()
    }
}

fn collect(pool: &DescriptorPool, wanted: impl Fn(&str) -> bool) -> Result<Rules, RuleError> {
    let mut by_path = HashMap::new();
    for service in pool.services().filter(|s| wanted(s.package_name())) {
        for method in service.methods() {
            let rule = read(pool, &method)?;
            by_path.insert(rule.path, Arc::new(rule));
        }
    }
    Ok(Rules {
        by_path: Arc::new(by_path),
    })
}

fn read(pool: &DescriptorPool, method: &MethodDescriptor) -> Result<Rule, RuleError> {
    let option = option_of(pool, method)?;
    let name = method.full_name().to_owned();
    let said = |ok: bool, what| {
        if ok {
            Ok(())
        } else {
            Err(RuleError::Incomplete(name.clone(), what))
        }
    };
    said(!option.permission.is_empty(), "permission")?;
    said(!option.resolver.is_empty(), "resolver")?;
    said(option.data_class() != DataClass::Unspecified, "data_class")?;
    said(
        option.idempotency() != Idempotency::Unspecified,
        "idempotency",
    )?;
    said(option.audit() != Audit::Unspecified, "audit")?;
    said(
        option.criticality() != Criticality::Unspecified,
        "criticality",
    )?;
    let callers: Vec<CallerKind> = option.callers().collect();
    said(
        !callers.is_empty() && !callers.contains(&CallerKind::Unspecified),
        "callers",
    )?;
    let service = method.parent_service();
    let path = format!("/{}/{}", service.full_name(), method.name());
    Ok(Rule {
        service: leak(short_name(service.package_name())),
        method: leak(method.name()),
        path: leak(&path),
        permission: leak(&option.permission),
        data_class: option.data_class(),
        idempotency: option.idempotency(),
        audit: option.audit(),
        criticality: option.criticality(),
        callers,
        step_up: option.step_up,
        without_second_factor: option.without_second_factor,
        client_streaming: method.is_client_streaming(),
        server_streaming: method.is_server_streaming(),
        resource: option.resource,
        resolver: option.resolver,
    })
}

fn option_of(pool: &DescriptorPool, method: &MethodDescriptor) -> Result<RuleOption, RuleError> {
    let extension = pool
        .get_extension_by_name(EXTENSION)
        .ok_or(RuleError::NoExtension)?;
    let options = method.options();
    if !options.has_extension(&extension) {
        return Err(RuleError::Missing(method.full_name().to_owned()));
    }
    let value = options.get_extension(&extension);
    let message: &DynamicMessage = value
        .as_message()
        .ok_or_else(|| RuleError::Missing(method.full_name().to_owned()))?;
    message
        .transcode_to()
        .map_err(|_| RuleError::Missing(method.full_name().to_owned()))
}

/// `zhurnal.grading.v1` → `grading`.
fn short_name(package: &str) -> &str {
    package
        .strip_prefix("zhurnal.")
        .and_then(|p| p.split('.').next())
        .unwrap_or(package)
}

/// Names live as long as the process: rules are read once per service at start.
fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The real pool plus a service with one method whose options are `options`.
    fn pool_with(options: Option<RuleOption>) -> DescriptorPool {
        use prost::Message as _;
        use prost_types::{
            DescriptorProto, FileDescriptorProto, MethodDescriptorProto, ServiceDescriptorProto,
        };
        let mut pool = zhurnal_proto::descriptor_pool().clone();
        let message = DescriptorProto {
            name: Some("Ask".into()),
            ..Default::default()
        };
        let method = MethodDescriptorProto {
            name: Some("Do".into()),
            input_type: Some(".zhurnal.fixture.v1.Ask".into()),
            output_type: Some(".zhurnal.fixture.v1.Ask".into()),
            ..Default::default()
        };
        let file = FileDescriptorProto {
            name: Some("zhurnal/fixture/v1/fixture.proto".into()),
            package: Some("zhurnal.fixture.v1".into()),
            dependency: vec!["zhurnal/access/v1/access.proto".into()],
            message_type: vec![message],
            service: vec![ServiceDescriptorProto {
                name: Some("FixtureService".into()),
                method: vec![method],
                ..Default::default()
            }],
            syntax: Some("proto3".into()),
            ..Default::default()
        };
        let mut bytes = file.encode_to_vec();
        if let Some(rule) = options {
            bytes = with_rule(&bytes, &rule);
        }
        pool.decode_file_descriptor_proto(bytes.as_slice()).unwrap();
        pool
    }

    /// Puts the rule into the only method by hand: `prost_types` drops extensions.
    fn with_rule(file: &[u8], rule: &RuleOption) -> Vec<u8> {
        use prost::Message as _;
        use prost::encoding::{WireType, encode_key, encode_varint};
        let field = |tag: u32, body: &[u8]| {
            let mut out = Vec::new();
            encode_key(tag, WireType::LengthDelimited, &mut out);
            encode_varint(body.len() as u64, &mut out);
            out.extend_from_slice(body);
            out
        };
        let mut plain = prost_types::FileDescriptorProto::decode(file).unwrap();
        let mut service = plain.service.remove(0);
        let mut method = service.method.remove(0).encode_to_vec();
        method.extend(field(4, &field(50101, &rule.encode_to_vec())));
        let mut service = service.encode_to_vec();
        service.extend(field(2, &method));
        let mut out = plain.encode_to_vec();
        out.extend(field(6, &service));
        out
    }

    fn complete() -> RuleOption {
        RuleOption {
            permission: "fixture.things.do".into(),
            resource: String::new(),
            resolver: "self".into(),
            data_class: DataClass::Internal.into(),
            idempotency: Idempotency::Read.into(),
            audit: Audit::None.into(),
            criticality: Criticality::Normal.into(),
            callers: vec![CallerKind::Staff.into()],
            step_up: true,
            without_second_factor: false,
        }
    }

    #[test]
    fn an_rpc_without_a_rule_is_refused_by_name() {
        let error = Rules::of_package(&pool_with(None), "zhurnal.fixture.v1").unwrap_err();
        assert_eq!(
            error,
            RuleError::Missing("zhurnal.fixture.v1.FixtureService.Do".into())
        );
    }

    #[test]
    fn a_complete_rule_is_read_whole() {
        let rules = Rules::of_package(&pool_with(Some(complete())), "zhurnal.fixture.v1").unwrap();
        let rule = rules.get("/zhurnal.fixture.v1.FixtureService/Do").unwrap();
        assert_eq!((rule.service, rule.method), ("fixture", "Do"));
        assert_eq!(rule.permission, "fixture.things.do");
        assert_eq!(rule.callers, vec![CallerKind::Staff]);
        assert!(rule.is_unary() && rule.step_up && !rule.without_second_factor);
        assert!(!rule.admits(&Caller::Anonymous));
    }

    #[test]
    fn a_rule_that_leaves_something_unsaid_is_refused() {
        type Spoil = fn(&mut RuleOption);
        let cases: [(&str, Spoil); 7] = [
            ("permission", |r| r.permission.clear()),
            ("resolver", |r| r.resolver.clear()),
            ("data_class", |r| r.data_class = 0),
            ("idempotency", |r| r.idempotency = 0),
            ("audit", |r| r.audit = 0),
            ("criticality", |r| r.criticality = 0),
            ("callers", |r| r.callers.clear()),
        ];
        for (what, spoil) in cases {
            let mut rule = complete();
            spoil(&mut rule);
            let error =
                Rules::of_package(&pool_with(Some(rule)), "zhurnal.fixture.v1").unwrap_err();
            let name = "zhurnal.fixture.v1.FixtureService.Do".to_owned();
            assert_eq!(error, RuleError::Incomplete(name, what));
        }
    }

    #[test]
    fn an_unknown_package_is_refused() {
        let pool = zhurnal_proto::descriptor_pool();
        assert!(matches!(
            Rules::of_package(pool, "zhurnal.nope.v1"),
            Err(RuleError::Empty(_))
        ));
    }

    #[test]
    fn all_our_rpcs_have_complete_rules() {
        let rules = Rules::all().unwrap();
        assert!(rules.iter().count() > 10);
    }
}
