//! What the typesetter can see: our templates, our fonts, and the data of one form. No disk, no
//! network, no clock.
//!
//! The data reach the template through `json("data.json")`, so a text is a value from first to
//! last and never parsed as markup.

use std::sync::OnceLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_pdf::{PdfStandard, PdfStandards};

use super::Template;
use crate::PdfError;
use crate::fonts::Fonts;

/// In the order of [`Template`].
const TEMPLATES: [(&str, &str); 3] = [
    (
        "class_report.typ",
        include_str!("../../templates/class_report.typ"),
    ),
    (
        "invitations.typ",
        include_str!("../../templates/invitations.typ"),
    ),
    ("table.typ", include_str!("../../templates/table.typ")),
];
const SHARED: (&str, &str) = ("form.typ", include_str!("../../templates/form.typ"));
const DATA: &str = "data.json";

/// All that does not change between renders; one per process.
pub struct Engine {
    library: LazyHash<Library>,
    fonts: Fonts,
    templates: Vec<Source>,
    shared: Source,
    data: FileId,
    standards: PdfStandards,
}

/// One render: the engine and the data of one form.
pub struct Job<'a> {
    engine: &'a Engine,
    main: FileId,
    data: Bytes,
}

impl Engine {
    /// The one engine of the process, made at the first render.
    pub fn get() -> Result<&'static Self, PdfError> {
        static ENGINE: OnceLock<Engine> = OnceLock::new();
        match ENGINE.get() {
            Some(engine) => Ok(engine),
            None => {
                let made = Self::new()?;
                Ok(ENGINE.get_or_init(|| made))
            }
        }
    }

    fn new() -> Result<Self, PdfError> {
        let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .map_err(|problem| PdfError::Export(problem.message().to_string()))?;
        Ok(Self {
            library: LazyHash::new(Library::default()),
            fonts: Fonts::read()?,
            templates: TEMPLATES.iter().map(source).collect::<Result<_, _>>()?,
            shared: source(&SHARED)?,
            data: file(DATA)?,
            standards,
        })
    }

    /// The fonts of the forms.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// What every file conforms to.
    pub fn standards(&self) -> PdfStandards {
        self.standards.clone()
    }
}

fn source(&(name, text): &(&'static str, &str)) -> Result<Source, PdfError> {
    Ok(Source::new(file(name)?, text.to_owned()))
}

fn file(name: &'static str) -> Result<FileId, PdfError> {
    let path = VirtualPath::new(name).map_err(|_| PdfError::Asset(name))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl<'a> Job<'a> {
    /// A render of `template` over `data`, a JSON text.
    pub fn new(engine: &'a Engine, template: Template, data: Bytes) -> Self {
        let main = engine.templates[template as usize].id();
        Self { engine, main, data }
    }

    /// The problems with the template's line, as its author needs them.
    pub fn listed(&self, problems: &EcoVec<SourceDiagnostic>) -> String {
        let located = problems.iter().map(|problem| match self.place_of(problem) {
            Some(place) => format!("{place}: {}", problem.message),
            None => problem.message.to_string(),
        });
        located.collect::<Vec<_>>().join("; ")
    }

    fn place_of(&self, problem: &SourceDiagnostic) -> Option<String> {
        let source = self.source(problem.span.id()?).ok()?;
        let line = source
            .lines()
            .byte_to_line(self.range(problem.span)?.start)?;
        Some(format!(
            "{}:{}",
            source.id().vpath().get_without_slash(),
            line + 1
        ))
    }
}

impl World for Job<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.engine.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.engine.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let mut known = self.engine.templates.iter().chain([&self.engine.shared]);
        known
            .find(|source| source.id() == id)
            .cloned()
            .ok_or_else(|| unknown(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.engine.data {
            Ok(self.data.clone())
        } else {
            Err(unknown(id))
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.engine.fonts.get(index)
    }

    /// No clock: equal input must give equal bytes.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn unknown(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}
