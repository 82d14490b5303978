//! Exporters to an OpenTelemetry collector.

use opentelemetry_otlp::{MetricExporter, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};

pub(super) fn resource(role: &str) -> Resource {
    Resource::builder()
        .with_service_name(role.to_owned())
        .with_attribute(opentelemetry::KeyValue::new("service.namespace", "zhurnal"))
        .build()
}

pub(super) fn tracer_provider(
    endpoint: &str,
    ratio: f64,
    resource: Resource,
) -> anyhow::Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .build()?;
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(ratio)));
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(sampler)
        .with_resource(resource)
        .build())
}

pub(super) fn metric_exporter(endpoint: &str) -> anyhow::Result<MetricExporter> {
    Ok(MetricExporter::builder()
        .with_tonic()
        .with_endpoint(endpoint)
        .build()?)
}
