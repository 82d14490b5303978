//! Helpers of chassis's own tests: a notification service that does what the
//! request asks for, behind the real stack.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use uuid::Uuid;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::notification::v1::notification_service_client::NotificationServiceClient;
use zhurnal_proto::notification::v1::notification_service_server::{
    NotificationService, NotificationServiceServer,
};
use zhurnal_proto::notification::v1::{
    ListNoticesRequest, ListNoticesResponse, MarkNoticesReadRequest, MarkNoticesReadResponse,
    Notice, WatchNotificationEventsRequest, WatchNotificationEventsResponse,
};

use super::{Guards, Stack, StackConfig, stack};
use crate::access::Access;
use crate::caller::{self, Caller, Proof, User};
use crate::clock::Clock;
use crate::telemetry::Metrics;
use crate::token::{SigningKey, Tokens};

/// Polls until the condition holds; fails after five seconds.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(5);
    while !condition() {
        assert!(Instant::now() < end, "the condition did not come true");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// What happened inside the fake service.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) calls: AtomicUsize,
    pub(crate) finished: AtomicUsize,
}

/// `ListNotices` obeys `page_token`: `panic`, `sleep:<ms>`, `unavailable:<n>` (the
/// first n calls), anything else answers with what the handler knows.
pub(crate) struct Obedient(pub(crate) Arc<Seen>);

impl Obedient {
    async fn obey(&self, order: &str, n: usize) -> Result<(), Status> {
        if order == "panic" {
            panic!("ordered to");
        }
        if let Some(ms) = order.strip_prefix("sleep:") {
            tokio::time::sleep(Duration::from_millis(ms.parse().unwrap())).await;
        }
        if let Some(failures) = order.strip_prefix("unavailable:")
            && n < failures.parse().unwrap()
        {
            return Err(crate::status::unavailable(
                "ORDERED",
                Duration::from_millis(1),
            ));
        }
        Ok(())
    }
}

#[tonic::async_trait]
impl NotificationService for Obedient {
    async fn list_notices(
        &self,
        request: Request<ListNoticesRequest>,
    ) -> Result<Response<ListNoticesResponse>, Status> {
        let n = self.0.calls.fetch_add(1, Ordering::SeqCst);
        let caller = caller::of(&request)?.actor();
        let trace = crate::context::current().map(|c| c.trace.trace_id());
        let left = crate::context::remaining();
        self.obey(&request.get_ref().page_token, n).await?;
        self.0.finished.fetch_add(1, Ordering::SeqCst);
        let notice = Notice {
            notice_id: caller,
            text: trace.unwrap_or_default(),
            link: left.map(|l| l.as_millis().to_string()).unwrap_or_default(),
            ..Default::default()
        };
        Ok(Response::new(ListNoticesResponse {
            notices: vec![notice],
            ..Default::default()
        }))
    }

    async fn mark_notices_read(
        &self,
        _: Request<MarkNoticesReadRequest>,
    ) -> Result<Response<MarkNoticesReadResponse>, Status> {
        Err(crate::status::precondition("ORDERED", "так велено"))
    }

    type WatchNotificationEventsStream =
        BoxStream<'static, Result<WatchNotificationEventsResponse, Status>>;

    async fn watch_notification_events(
        &self,
        request: Request<WatchNotificationEventsRequest>,
    ) -> Result<Response<Self::WatchNotificationEventsStream>, Status> {
        let caller = caller::of(&request)?.actor();
        let order = request.into_inner().cursor;
        let events = futures::stream::iter(0..3).map(move |n| {
            if order == "panic" && n == 2 {
                panic!("ordered to");
            }
            let service = crate::context::service().unwrap_or_default();
            let cursor = format!("{n} {caller} {service}");
            Ok(WatchNotificationEventsResponse {
                event: None,
                cursor,
            })
        });
        Ok(Response::new(events.boxed()))
    }
}

/// A stack around [`Obedient`] with everything that is needed to call it.
pub(crate) struct Bench {
    pub(crate) stack: Stack,
    pub(crate) seen: Arc<Seen>,
    pub(crate) guards: Guards,
}

impl Bench {
    pub(crate) fn new(config: &StackConfig) -> Self {
        Self::with_metrics(config, Metrics::detached())
    }

    pub(crate) fn with_metrics(config: &StackConfig, metrics: Metrics) -> Self {
        let key = SigningKey::from_seed(&[7; 32]).unwrap();
        let tokens = Tokens::from_key(key, Clock::system());
        let guards = Guards::new(tokens, Access::new().unwrap(), metrics);
        let seen = Arc::new(Seen::default());
        let routes = Routes::new(NotificationServiceServer::new(Obedient(seen.clone())));
        let stack = stack("notification", routes, &guards, config, None).unwrap();
        Self {
            stack,
            seen,
            guards,
        }
    }

    pub(crate) fn client(&self) -> NotificationServiceClient<Stack> {
        NotificationServiceClient::new(self.stack.clone())
    }

    pub(crate) fn teacher(&self) -> User {
        let school = SchoolId::from_uuid(Uuid::from_u128(7));
        crate::caller::tests::staff(school, &["TEACHER"])
    }

    pub(crate) fn user_token(&self) -> String {
        self.guards
            .tokens
            .mint_user(&self.teacher(), Proof::default(), Duration::from_secs(300))
            .unwrap()
    }

    pub(crate) fn list(&self, order: &str) -> Request<ListNoticesRequest> {
        let message = ListNoticesRequest {
            page_token: order.to_owned(),
            ..Default::default()
        };
        authorized(message, &self.user_token())
    }

    pub(crate) fn actor(&self) -> String {
        Caller::User(self.teacher()).actor()
    }
}

/// The message with a bearer token.
pub(crate) fn authorized<T>(message: T, token: &str) -> Request<T> {
    let mut request = Request::new(message);
    let value = format!("Bearer {token}").parse().unwrap();
    request.metadata_mut().insert("authorization", value);
    request
}
