//! From a form to the bytes of its PDF.
//!
//! Nothing of a form outlives its render: the typesetter's memo tables are emptied after each one.

mod world;

use jiff::Zoned;
use serde_json::Value;
use typst::diag::SourceDiagnostic;
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use crate::PdfError;
use crate::text;
use world::{Engine, Job};

/// A form on its way to the typesetter.
pub struct Form<'a> {
    /// Which template sets it.
    pub template: Template,
    /// Date for the file's metadata.
    pub made_at: &'a Zoned,
    /// What the template reads, an object; its texts are cleaned before use.
    pub data: Value,
    /// SVG drawings of our own making, read by the template as `images`.
    pub images: Vec<String>,
}

/// The templates, in the order in which [`Engine`] keeps them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// `templates/class_report.typ`
    ClassReport,
    /// `templates/invitations.typ`
    Invitations,
    /// `templates/table.typ`
    Table,
}

/// Sets a form and writes it as PDF.
pub fn render(form: Form<'_>) -> Result<Vec<u8>, PdfError> {
    let engine = Engine::get()?;
    let (template, made_at) = (form.template, form.made_at);
    let data = data_of(form, engine);
    let written =
        set(engine, template, data.clone()).and_then(|pages| write(engine, &pages, made_at, data));
    typst::comemo::evict(0);
    written
}

/// The text of each page in the order of setting, without white space; for tests.
#[cfg(test)]
pub fn pages(form: Form<'_>) -> Result<Vec<String>, PdfError> {
    let engine = Engine::get()?;
    let template = form.template;
    let pages = set(engine, template, data_of(form, engine))?;
    Ok(pages
        .pages()
        .iter()
        .map(|page| crate::tests::letters(&page.frame))
        .collect())
}

fn data_of(form: Form<'_>, engine: &Engine) -> String {
    let mut data = form.data;
    text::clean(&mut data, engine.fonts());
    data["images"] = form.images.into();
    data.to_string()
}

fn set(engine: &Engine, template: Template, data: String) -> Result<PagedDocument, PdfError> {
    let job = Job::new(engine, template, Bytes::from_string(data));
    typst::compile::<PagedDocument>(&job)
        .output
        .map_err(|problems| PdfError::Typesetting(job.listed(&problems)))
}

/// `data` only names the file: equal data give an equal identifier.
fn write(
    engine: &Engine,
    pages: &PagedDocument,
    made_at: &Zoned,
    data: String,
) -> Result<Vec<u8>, PdfError> {
    let options = PdfOptions {
        ident: Smart::Custom(data),
        creator: Smart::Custom(Some("Zhurnal".into())),
        timestamp: timestamp(made_at),
        standards: engine.standards(),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(pages, &options).map_err(|problems| PdfError::Export(messages(&problems)))
}

fn timestamp(at: &Zoned) -> Option<Timestamp> {
    let local = Datetime::from_ymd_hms(
        i32::from(at.year()),
        at.month().unsigned_abs(),
        at.day().unsigned_abs(),
        at.hour().unsigned_abs(),
        at.minute().unsigned_abs(),
        at.second().unsigned_abs(),
    )?;
    Timestamp::new_local(local, at.offset().seconds() / 60)
}

fn messages(problems: &EcoVec<SourceDiagnostic>) -> String {
    problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect::<Vec<_>>()
        .join("; ")
}
