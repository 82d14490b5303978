//! Routes: one per `google.api.http` binding of the descriptor set.

use std::collections::BTreeSet;

use chassis::access::Rules;
use http::Method;
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor,
    Value,
};
use zhurnal_proto::access::v1::Idempotency;

use super::layout::{Layout, Layouts, Uncarried};
use super::template::{InvalidTemplate, RequestPath, Template};

/// The answer that is a file.
const FILE: &str = "google.api.HttpBody";
/// A session with its secret.
const SESSION: &str = "zhurnal.identity.v1.Session";

/// Where the HTTP body goes.
#[derive(Debug, Clone)]
pub enum Body {
    /// There is none.
    None,
    /// It is the whole request.
    Whole,
    /// It is a file: a bytes field takes it as it is.
    File(FieldDescriptor),
}

/// One HTTP method and path of one RPC.
#[derive(Debug, Clone)]
pub struct Route {
    /// HTTP method.
    pub http_method: Method,
    /// Path.
    pub template: Template,
    /// Where the body goes.
    pub body: Body,
    /// The RPC.
    pub method: MethodDescriptor,
    /// Short name of the service: `grading`.
    pub service: &'static str,
    /// gRPC request path.
    pub grpc_path: String,
    /// Request message.
    pub input: MessageDescriptor,
    /// Response message.
    pub output: MessageDescriptor,
    /// How the request is encoded.
    pub request: Layout,
    /// How the answer is encoded; `None` = it is a file, not JSON.
    pub answer: Option<Layout>,
    /// What a repeated call does.
    pub idempotency: Idempotency,
    /// The answer holds a session with its secret, which a page never sees.
    pub hands_out_session: bool,
}

impl Route {
    /// The RPC demands an `Idempotency-Key`.
    pub fn needs_idempotency_key(&self) -> bool {
        self.idempotency == Idempotency::RequestId
    }
}

/// Why the descriptor set cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// A template of an unknown form.
    #[error(transparent)]
    Template(#[from] InvalidTemplate),
    /// A message that cannot be carried.
    #[error(transparent)]
    Uncarried(#[from] Uncarried),
    /// The rule or an option is missing.
    #[error("{0}: {1}")]
    Method(String, String),
}

/// All routes, ready to match.
#[derive(Debug)]
pub struct Routes {
    routes: Vec<Route>,
    layouts: Layouts,
}

/// Result of looking a path up.
#[derive(Debug)]
pub enum Matched<'a> {
    /// A route with the values of its variables.
    Route(&'a Route, Vec<(&'a str, String)>),
    /// The path exists, but not with this method.
    WrongMethod(Vec<Method>),
    /// No such path.
    Unknown,
}

impl Routes {
    /// Routes of every RPC that carries `google.api.http`.
    pub fn from_pool(pool: &DescriptorPool) -> Result<Self, RouteError> {
        let http = pool
            .get_extension_by_name("google.api.http")
            .ok_or_else(|| RouteError::Method("google.api.http".into(), "is not defined".into()))?;
        let rules =
            Rules::all().map_err(|e| RouteError::Method("access rules".into(), e.to_string()))?;
        let methods: Vec<MethodDescriptor> = pool
            .services()
            .filter(|s| s.package_name().starts_with("zhurnal."))
            .flat_map(|s| s.methods().collect::<Vec<_>>())
            .filter(|m| m.options().has_extension(&http))
            .collect();
        let messages = methods.iter().flat_map(|m| [m.input(), m.output()]);
        let layouts = Layouts::of(messages.filter(|m| m.full_name() != FILE))?;
        let mut routes = Vec::new();
        for method in &methods {
            let value = method.options().get_extension(&http).into_owned();
            let Some(binding) = value.as_message() else {
                continue;
            };
            routes.push(route(method, binding, rules, &layouts)?);
            if let Some(Value::List(more)) = binding
                .get_field_by_name("additional_bindings")
                .map(|v| v.into_owned())
            {
                for binding in more.iter().filter_map(Value::as_message) {
                    routes.push(route(method, binding, rules, &layouts)?);
                }
            }
        }
        routes.sort_by_key(|r| std::cmp::Reverse(r.template.narrowness()));
        Ok(Self { routes, layouts })
    }

    /// Finds the route of a request.
    pub fn find(&self, method: &Method, path: &str) -> Matched<'_> {
        let Some(path) = RequestPath::parse(path) else {
            return Matched::Unknown;
        };
        let mut others = BTreeSet::new();
        for route in &self.routes {
            if let Some(values) = route.template.matches(&path) {
                if route.http_method == *method {
                    return Matched::Route(route, values);
                }
                others.insert(route.http_method.as_str().to_owned());
            }
        }
        if others.is_empty() {
            Matched::Unknown
        } else {
            Matched::WrongMethod(others.iter().filter_map(|m| m.parse().ok()).collect())
        }
    }

    /// Layout of a message that some route carries.
    pub fn layout(&self, full_name: &str) -> Option<Layout> {
        self.layouts.get(full_name)
    }

    /// All routes.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }
}

fn route(
    method: &MethodDescriptor,
    binding: &DynamicMessage,
    rules: &Rules,
    layouts: &Layouts,
) -> Result<Route, RouteError> {
    let fail = |what: &str| RouteError::Method(method.full_name().to_owned(), what.to_owned());
    let (http_method, path) =
        pattern(binding).ok_or_else(|| fail("google.api.http names no path"))?;
    let text = |name: &str| {
        binding
            .get_field_by_name(name)
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default()
    };
    let input = method.input();
    let body = match text("body").as_str() {
        "" => Body::None,
        "*" => Body::Whole,
        field => Body::File(
            input
                .get_field_by_name(field)
                .filter(|f| f.kind() == Kind::Bytes)
                .ok_or_else(|| fail("body names no bytes field"))?,
        ),
    };
    let template = Template::parse(&path)?;
    for variable in template.variables() {
        if input.get_field_by_name(variable).is_none() {
            return Err(fail(&format!("{path} names the unknown field {variable}")));
        }
    }
    let grpc_path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let rule = rules
        .get(&grpc_path)
        .ok_or_else(|| fail("has no access rule"))?;
    let request = layouts
        .get(input.full_name())
        .ok_or_else(|| fail("has no layout"))?;
    Ok(Route {
        http_method,
        answer: layouts.get(method.output().full_name()),
        request,
        template,
        body,
        service: rule.service,
        grpc_path,
        input,
        output: method.output(),
        idempotency: rule.idempotency,
        hands_out_session: holds_session(&method.output()),
        method: method.clone(),
    })
}

fn holds_session(output: &MessageDescriptor) -> bool {
    output.fields().any(|field| match field.kind() {
        Kind::Message(message) => message.full_name() == SESSION,
        _ => false,
    })
}

fn pattern(binding: &DynamicMessage) -> Option<(Method, String)> {
    for (field, method) in [
        ("get", Method::GET),
        ("put", Method::PUT),
        ("post", Method::POST),
        ("delete", Method::DELETE),
        ("patch", Method::PATCH),
    ] {
        if binding.has_field_by_name(field) {
            let path = binding.get_field_by_name(field)?.as_str()?.to_owned();
            return Some((method, path));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes {
        Routes::from_pool(zhurnal_proto::descriptor_pool()).unwrap()
    }

    #[test]
    fn the_contract_gives_routes_without_two_rpcs_on_one_path() {
        let routes = routes();
        let mut seen = BTreeSet::new();
        for route in routes.iter() {
            let key = (
                route.http_method.as_str().to_owned(),
                route.template.openapi(|_| "x".into()),
            );
            assert!(seen.insert(key.clone()), "{key:?} twice");
        }
        assert!(seen.len() > 40);
    }

    #[test]
    fn a_path_finds_its_rpc_and_its_values() {
        let routes = routes();
        match routes.find(
            &Method::POST,
            "/v1/schools/sch_1/journals/jrn_2/marks:batchSet",
        ) {
            Matched::Route(route, values) => {
                assert_eq!(
                    route.grpc_path,
                    "/zhurnal.grading.v1.GradingService/RecordMarks"
                );
                assert_eq!(route.service, "grading");
                assert!(route.needs_idempotency_key());
                assert_eq!(
                    values,
                    [
                        ("school_id", "sch_1".to_owned()),
                        ("journal_id", "jrn_2".to_owned())
                    ]
                );
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_wrong_method_names_the_right_ones_and_an_unknown_path_is_unknown() {
        let routes = routes();
        assert!(
            matches!(routes.find(&Method::DELETE, "/v1/me"), Matched::WrongMethod(m) if m == [Method::GET])
        );
        assert!(matches!(
            routes.find(&Method::GET, "/v1/nothing"),
            Matched::Unknown
        ));
    }
}
