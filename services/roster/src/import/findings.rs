//! Findings of the import engine as messages of the contract.

use prost::Message;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::types::v1::TableIssue;

use crate::domain::school_import::{
    Column, Issue, Normalisation, Notice, Preview, Reason, SheetKind,
};
use crate::source::{Places, Source};

/// Most findings of a kind in one answer; ListImportRows has all of them.
pub(super) const LISTED: usize = 500;

/// Everything that was found in a workbook.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings {
    pub(super) errors: Vec<TableIssue>,
    pub(super) warnings: Vec<TableIssue>,
    pub(super) normalisations: Vec<TableIssue>,
    pub(super) notices: Vec<TableIssue>,
}

impl Findings {
    /// What a preview found, with errors of our own after the engine's.
    pub(super) fn of(
        preview: &Preview<'_>,
        source: &Source,
        own_errors: impl IntoIterator<Item = TableIssue>,
    ) -> Self {
        let (places, faults) = (&source.places, &source.faults);
        let told = |found: &Issue| issue(found, places);
        let errors = faults.broken.iter().cloned();
        let of_form = preview.errors().iter().filter(|one| is_news(one, places));
        let errors = errors.chain(of_form.map(told));
        let row_warnings = faults.row_warnings.values().flatten().cloned();
        let warnings = preview.warnings().iter().map(told);
        let mended = |found: &Normalisation| normalisation(found, places);
        let notices = preview.notices().iter().filter(|one| applies(one, places));
        Self {
            errors: errors
                .chain(own_errors)
                .chain(faults.loose.iter().cloned())
                .collect(),
            warnings: warnings
                .chain(row_warnings)
                .chain(faults.warnings.iter().cloned())
                .collect(),
            normalisations: preview.normalisations().iter().map(mended).collect(),
            notices: faults
                .notices
                .iter()
                .cloned()
                .chain(notices.map(notice))
                .collect(),
        }
    }

    /// Whether there is an error.
    pub(super) fn refuse(&self) -> bool {
        !self.errors.is_empty()
    }

    /// As stored: with as many of each kind as answers hold.
    pub(super) fn encode(&self) -> Vec<u8> {
        let count = |list: &[TableIssue]| u32::try_from(list.len()).unwrap_or(u32::MAX);
        let listed = |list: &[TableIssue]| list.iter().take(LISTED).cloned().collect();
        let message = pb::SchoolImport {
            errors: listed(&self.errors),
            warnings: listed(&self.warnings),
            normalisations: listed(&self.normalisations),
            notices: listed(&self.notices),
            error_count: count(&self.errors),
            warning_count: count(&self.warnings),
            normalisation_count: count(&self.normalisations),
            ..Default::default()
        };
        message.encode_to_vec()
    }

    /// From what is stored: an import with nothing but findings. Findings that were
    /// forgotten are empty.
    pub(super) fn decode(stored: &[u8]) -> Result<pb::SchoolImport, prost::DecodeError> {
        pb::SchoolImport::decode(stored)
    }
}

/// That «Школа» has no fields follows from what was said of the package.
fn is_news(issue: &Issue, places: &Places) -> bool {
    issue.reason != Reason::MissingField || !places.are_own()
}

/// A package knows by ids that rows are of one parent: that is no news there.
fn applies(notice: &Notice, places: &Places) -> bool {
    notice.reason != Reason::GuardiansMerged || !places.are_own()
}

/// `F «Дата рождения»`.
fn column(column: &Column) -> String {
    match column.letter.as_str() {
        "" => format!("«{}»", column.header),
        letter if column.header.is_empty() => letter.to_owned(),
        letter => format!("{letter} «{}»", column.header),
    }
}

/// The header under which the form has the column.
fn header(column: Option<&Column>) -> &str {
    column.map_or("", |column| column.header.as_str())
}

pub(super) fn issue(issue: &Issue, places: &Places) -> TableIssue {
    let of_form = TableIssue {
        sheet: issue.sheet.clone(),
        row: issue.row,
        column: issue.column.as_ref().map(column).unwrap_or_default(),
        value: issue.value.clone(),
        reason: issue.reason.code().to_owned(),
        message: issue.message.clone(),
        hint: issue.hint.clone(),
    };
    places.told(of_form, issue.at, header(issue.column.as_ref()))
}

pub(super) fn normalisation(found: &Normalisation, places: &Places) -> TableIssue {
    let of_form = TableIssue {
        sheet: found.sheet.clone(),
        row: found.at.row,
        column: column(&found.column),
        value: shortened(&found.before),
        reason: found.reason.code().to_owned(),
        message: shortened(&found.after),
        hint: String::new(),
    };
    places.told(of_form, Some(found.at), &found.column.header)
}

fn notice(notice: &Notice) -> TableIssue {
    let rows: Vec<String> = notice.rows.iter().map(ToString::to_string).collect();
    TableIssue {
        sheet: notice.sheet.clone(),
        row: notice.rows.first().copied().unwrap_or(0),
        column: notice.column.as_ref().map(column).unwrap_or_default(),
        value: if rows.len() > 1 {
            shortened(&format!("строки {}", rows.join(", ")))
        } else {
            String::new()
        },
        reason: notice.reason.code().to_owned(),
        message: notice.message.clone(),
        hint: String::new(),
    }
}

/// The school is there already.
pub(super) fn school_exists(title: &str) -> TableIssue {
    TableIssue {
        sheet: SheetKind::School.title().to_owned(),
        row: 0,
        column: String::new(),
        value: title.to_owned(),
        reason: "SCHOOL_EXISTS".to_owned(),
        message: "Такая школа с этим учебным годом уже есть".to_owned(),
        hint: "Проверьте наименование, муниципалитет и учебный год".to_owned(),
    }
}

/// The finding of a row that is sound itself but refers to one that is refused.
pub(super) fn blocked(sheet: &str, row: u32, by: &str) -> TableIssue {
    TableIssue {
        sheet: sheet.to_owned(),
        row,
        column: String::new(),
        value: String::new(),
        reason: "REFERS_TO_REFUSED_ROW".to_owned(),
        message: format!("Ссылается на строку с ошибкой: {by}"),
        hint: "Исправьте ту строку, эта загрузится вместе с ней".to_owned(),
    }
}

/// At most 200 characters.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
