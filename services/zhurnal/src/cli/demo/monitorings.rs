//! Both sheets of the monitoring, due in two weeks and in four.

use anyhow::Context;
use chassis::lifecycle::Running;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use roster::demo::{DemoRole, Seeded};
use zhurnal_proto::id::MonitoringId;
use zhurnal_proto::reporting::v1 as pb;
use zhurnal_proto::reporting::v1::reporting_service_client::ReportingServiceClient;

/// Announces them as the ministry, once.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let Some(director) = super::person(seeded, DemoRole::Director) else {
        return Ok(());
    };
    let cx = running
        .context("reporting")
        .context("reporting runs here")?;
    let today = cx.clock.today(&TimeZone::get("Europe/Simferopol")?);
    let channel = super::channel(running, seeded, (director, super::MINISTRY), "reporting")?;
    let mut calls = ReportingServiceClient::new(channel);
    for (kind, title, days) in [
        (
            pb::ControlSheetKind::Databases,
            "Заполнение баз данных (пример)",
            14,
        ),
        (
            pb::ControlSheetKind::Documents,
            "Ведение журнала по локальным актам (пример)",
            28,
        ),
    ] {
        let monitoring = pb::Monitoring {
            kind: kind.into(),
            title: title.into(),
            as_of: today.to_string(),
            due_on: today.checked_add(days.days())?.to_string(),
            ..Default::default()
        };
        let request = pb::PutMonitoringRequest {
            monitoring_id: MonitoringId::from_uuid(cx.ids.uuid()).to_string(),
            monitoring: Some(monitoring),
            etag: String::new(),
            request_id: cx.ids.uuid().to_string(),
        };
        calls.put_monitoring(request).await?;
    }
    Ok(())
}
