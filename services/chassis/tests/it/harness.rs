//! The harness itself, around a small service with a real contract.

use chassis::{
    caller::{Caller, User, UserKind},
    config::Sources,
    db::Migrations,
    feed::{self, Filter, Item},
    on_both_databases,
    outbox::Announcement,
    service::{Assembly, Cx, Service},
    status,
    testing::{Harness, TestDb, school_morning},
};
use futures::{StreamExt, stream::BoxStream};
use prost::Message;
use serde::{Deserialize, Serialize};
use tonic::{Code, Request, Response, Status, service::Routes};
use zhurnal_proto::{
    id::{AccountId, PersonId, SessionId},
    notification::v1::{
        ListNoticesRequest, ListNoticesResponse, MarkNoticesReadRequest, MarkNoticesReadResponse,
        NoticesAdded, NotificationEvent, WatchNotificationEventsRequest,
        WatchNotificationEventsResponse,
        notification_event::Change,
        notification_service_client::NotificationServiceClient,
        notification_service_server::{NotificationService, NotificationServiceServer},
    },
};

use crate::support::{migrations, notes, write_note};

struct Notices;

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    greeting: String,
}

impl Service for Notices {
    const NAME: &'static str = "notification";
    type Config = Config;

    fn migrations() -> Migrations {
        migrations()
    }

    fn defaults() -> &'static str {
        "greeting = \"добрый день\""
    }

    fn build(cx: Cx, config: Config) -> anyhow::Result<Assembly> {
        let routes = Routes::new(NotificationServiceServer::new(Rpc { cx, config }));
        Ok(Assembly::new(routes))
    }
}

struct Rpc {
    cx: Cx,
    config: Config,
}

#[tonic::async_trait]
impl NotificationService for Rpc {
    /// Answers with the notes and the configured greeting.
    async fn list_notices(
        &self,
        _: Request<ListNoticesRequest>,
    ) -> Result<Response<ListNoticesResponse>, Status> {
        let count = notes(&self.cx.db).await.len() as u32;
        let next_page_token = self.config.greeting.clone();
        Ok(Response::new(ListNoticesResponse {
            unread_count: count,
            next_page_token,
            ..Default::default()
        }))
    }

    /// Writes a note and announces it.
    async fn mark_notices_read(
        &self,
        _: Request<MarkNoticesReadRequest>,
    ) -> Result<Response<MarkNoticesReadResponse>, Status> {
        let mut uow = self.cx.db.begin().await.map_err(status::from_db)?;
        write_note(&uow, self.cx.clock.now().as_second(), "read")
            .await
            .map_err(status::from_db)?;
        let change = NoticesAdded {
            person_id: self.cx.ids.uuid().to_string(),
            count: 1,
        };
        let event = NotificationEvent {
            occurred_at: None,
            change: Some(Change::NoticesAdded(change)),
        };
        uow.announce(Announcement {
            school_id: None,
            kind: "NOTICES_ADDED",
            key: "k".to_owned(),
            payload: event.encode_to_vec(),
            occurred_at: self.cx.clock.now(),
        });
        uow.commit().await.map_err(status::from_db)?;
        Ok(Response::new(MarkNoticesReadResponse { unread_count: 0 }))
    }

    type WatchNotificationEventsStream =
        BoxStream<'static, Result<WatchNotificationEventsResponse, Status>>;

    async fn watch_notification_events(
        &self,
        request: Request<WatchNotificationEventsRequest>,
    ) -> Result<Response<Self::WatchNotificationEventsStream>, Status> {
        let cursor = request.into_inner().cursor;
        let feed = feed::serve(&self.cx.db, &self.cx.stop, &cursor, Filter::all(), |item| {
            let cursor = item.cursor().to_string();
            let event = match item {
                Item::Event(row) => Some(
                    NotificationEvent::decode(row.payload.as_slice()).map_err(status::internal)?,
                ),
                Item::Progress(_) => None,
            };
            Ok(WatchNotificationEventsResponse { event, cursor })
        });
        Ok(Response::new(feed.await?))
    }
}

fn parent(service: &Harness<Notices>) -> Caller {
    let ids = &service.cx().ids;
    Caller::User(User {
        account: AccountId::from_uuid(ids.uuid()),
        session: SessionId::from_uuid(ids.uuid()),
        kind: UserKind::Family,
        person: None,
        persons: vec![PersonId::from_uuid(ids.uuid())],
        school: None,
        roles: Vec::new(),
        municipality: None,
        region: false,
        display: "Родитель".to_owned(),
    })
}

fn read() -> MarkNoticesReadRequest {
    MarkNoticesReadRequest {
        notice_id: format!("ntc_{}", uuid::Uuid::from_u128(1).simple()),
    }
}

on_both_databases! { migrations();
    async fn a_service_is_called_through_its_client_and_its_events_are_looked_at(db) {
        let service = Harness::<Notices>::on(db);
        let mut client = NotificationServiceClient::new(service.caller(&parent(&service)));
        client.mark_notices_read(read()).await.unwrap();
        let events = service.announced::<NotificationEvent>().await;
        assert!(matches!(&events[..], [NotificationEvent { change: Some(Change::NoticesAdded(added)), .. }] if added.count == 1));
        assert!(service.announced::<NotificationEvent>().await.is_empty(), "looked at already");

        service.clock().advance(jiff::SignedDuration::from_mins(1));
        let (answer, sent) = service.counted(client.mark_notices_read(read())).await;
        answer.unwrap();
        assert_eq!((sent.statements, sent.commits), (2, 1), "note, outbox");
        service.ignore_announced().await;
        assert_eq!(service.cx().clock.now(), school_morning() + jiff::SignedDuration::from_mins(1));
        let listed = client.list_notices(ListNoticesRequest::default()).await.unwrap().into_inner();
        assert_eq!((listed.unread_count, listed.next_page_token.as_str()), (2, "добрый день"));
    }

    async fn callers_pass_the_same_checks_as_in_production(db) {
        let service = Harness::<Notices>::on(db);
        let mut nobody = NotificationServiceClient::new(service.caller(&Caller::Anonymous));
        let refused = nobody.list_notices(ListNoticesRequest::default()).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unauthenticated);
        let peer = Caller::Service { name: "reporting".to_owned() };
        let mut peer = NotificationServiceClient::new(service.caller(&peer));
        let refused = peer.list_notices(ListNoticesRequest::default()).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
        let watching = WatchNotificationEventsRequest { cursor: "now".to_owned(), changes: Vec::new() };
        peer.watch_notification_events(watching).await.unwrap();
    }

    async fn the_feed_flows_through_the_stack_while_tasks_run(db) {
        let service = Harness::<Notices>::on(db);
        let running = service.start_tasks();
        let peer = Caller::Service { name: "reporting".to_owned() };
        let mut peer = NotificationServiceClient::new(service.caller(&peer));
        let mut feed =
            peer.watch_notification_events(WatchNotificationEventsRequest::default()).await.unwrap().into_inner();
        let first = feed.next().await.unwrap().unwrap();
        assert_eq!(first.event, None, "where the reader stands");
        let mut client = NotificationServiceClient::new(service.caller(&parent(&service)));
        client.mark_notices_read(read()).await.unwrap();
        let event = feed.next().await.unwrap().unwrap();
        assert_eq!(service.announced::<NotificationEvent>().await, [event.event.unwrap()]);
        service.cx().stop.cancel();
        assert!(feed.next().await.is_none(), "streams end when the service drains");
        running.stop().await;
    }
}

#[tokio::test]
#[should_panic(expected = "NOTICES_ADDED")]
async fn an_event_that_nobody_looked_at_fails_the_test() {
    let service = Harness::<Notices>::sqlite().await;
    let mut client = NotificationServiceClient::new(service.caller(&parent(&service)));
    client.mark_notices_read(read()).await.unwrap();
}

#[tokio::test]
async fn a_test_can_configure_the_service_and_stand_in_for_a_peer() {
    let db = TestDb::sqlite(migrations()).await;
    let sources = Sources::new().set("notification.greeting", "вечер", "test");
    let service = Harness::<Notices>::configured(db, sources);
    let mut client = NotificationServiceClient::new(service.caller(&parent(&service)));
    let listed = client
        .list_notices(ListNoticesRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(listed.next_page_token, "вечер");

    // Any generated server can be a peer; here the service hosts itself anew.
    let config = Config {
        greeting: "подмена".to_owned(),
    };
    let fake = NotificationServiceServer::new(Rpc {
        cx: service.cx().clone(),
        config,
    });
    service.host("notification", Routes::new(fake));
    let listed = client
        .list_notices(ListNoticesRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(listed.next_page_token, "подмена");
}
