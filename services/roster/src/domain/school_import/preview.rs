//! The whole engine: a book in, verdicts and findings out, and from them the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    book::Book,
    build,
    check::{self, Links, teaching::View},
    compare::{self, Change},
    context::{Context, Findings},
    findings::{Issue, Normalisation, Notice, Reason, RowRef},
    plan::{Counts, SchoolPlan},
    rows::{self, Rows},
    selection::{Cause, ChoiceRefused, Chosen, LeftOut, Selection, close},
    table,
    template::{SheetKind, col},
};

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It will be added.
    New,
    /// It will change what the school has.
    Changed(Vec<Change>),
    /// The school has exactly this.
    Unchanged,
    /// It will be added, but looks like another row again.
    PossibleDuplicate(RowRef),
    /// It has an error.
    Error,
    /// It has none, but refers to a row that has.
    Blocked(RowRef),
}

impl Verdict {
    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::Changed(_) => "CHANGED",
            Self::Unchanged => "UNCHANGED",
            Self::PossibleDuplicate(_) => "POSSIBLE_DUPLICATE",
            Self::Error => "ERROR",
            Self::Blocked(_) => "BLOCKED",
        }
    }
}

/// A row and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowVerdict {
    /// The row.
    pub at: RowRef,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// A workbook read, checked and judged. Nothing is decided yet.
pub struct Preview<'a> {
    context: Context<'a>,
    rows: Rows,
    links: Links,
    all: BTreeSet<RowRef>,
    verdicts: Vec<RowVerdict>,
    counts: Counts,
}

/// Reads and judges a workbook. `existing` is what the school has already, where it has something:
/// it turns NEW into CHANGED or UNCHANGED.
pub fn preview<'a>(book: &'a Book, existing: Option<&SchoolPlan>) -> Preview<'a> {
    let mut context = Context::default();
    table::find(book, &mut context);
    let mut rows = rows::read(&mut context);
    let links = check::references::resolve(&mut rows, &mut context);
    check::people::check(&rows, &links, &mut context);
    check::guardians::check(&rows, &mut context);
    check::calendar::check(&rows, &mut context);
    let mut twice = check::slots::check(&rows, &mut context);
    twice.extend(links.repeated.iter().copied());
    let bad = context.findings.bad_rows.clone();
    let view = View {
        taken: &|at| !bad.contains(&at),
        meant: &|at| !twice.contains(&at),
    };
    let between_rows = check::teaching::warnings(&rows, &context, &view);
    context.findings.warnings.append(between_rows);
    sort(&mut context.findings);
    let all = every_row(&context);
    let counts = counts(&rows, &links);
    let mut preview = Preview {
        context,
        rows,
        links,
        all,
        verdicts: Vec::new(),
        counts,
    };
    preview.verdicts = preview.judge(existing);
    preview
}

fn sort(findings: &mut Findings) {
    in_file_order(findings.errors.kept_mut());
    in_file_order(findings.warnings.kept_mut());
    let place = |n: &Normalisation| (n.at, n.column.letter.len(), n.column.letter.clone());
    findings.normalisations.kept_mut().sort_by_cached_key(place);
}

fn in_file_order(issues: &mut [Issue]) {
    issues.sort_by_cached_key(|issue| {
        let of_form = || SheetKind::of_title(&issue.sheet);
        let sheet = issue.at.map(|at| at.sheet).or_else(of_form);
        let column = issue.column.as_ref();
        let column = column.map(|c| (c.letter.len(), c.letter.clone()));
        (sheet, issue.row, column, issue.reason)
    });
}

fn every_row(context: &Context<'_>) -> BTreeSet<RowRef> {
    let rows = context
        .tables
        .values()
        .flat_map(|table| table.rows.iter().map(|row| (table.kind, row.number)));
    rows.map(|(sheet, row)| RowRef { sheet, row }).collect()
}

/// Rows as found, repeated ones once; what of them will be applied is another question.
fn counts(rows: &Rows, links: &Links) -> Counts {
    let repeated = |sheet| links.repeated.iter().filter(|at| at.sheet == sheet).count();
    let guardians: Vec<_> = rows.guardians.iter().collect();
    Counts {
        staff: rows.staff.len() - repeated(SheetKind::Staff),
        classes: rows.classes.len() - repeated(SheetKind::Classes),
        pupils: rows.pupils.len() - repeated(SheetKind::Pupils),
        guardians: check::guardians::persons(&guardians).len(),
        guardian_links: rows.guardians.len(),
        loads: rows.loads.len() - repeated(SheetKind::Loads),
        weekly_lessons: rows.lessons.len(),
    }
}

impl Preview<'_> {
    /// Errors, in the order of the file.
    pub fn errors(&self) -> &[Issue] {
        self.context.findings.errors.kept()
    }

    /// Warnings, in the order of the file.
    pub fn warnings(&self) -> &[Issue] {
        self.context.findings.warnings.kept()
    }

    /// Harmless slips that were put right, in the order of the file.
    pub fn normalisations(&self) -> &[Normalisation] {
        self.context.findings.normalisations.kept()
    }

    /// What there is to know and nothing to do about.
    pub fn notices(&self) -> &[Notice] {
        self.context.findings.notices.kept()
    }

    /// How many findings of all kinds were made beyond the 5,000 of each kind that are kept.
    pub fn findings_not_kept(&self) -> usize {
        let findings = &self.context.findings;
        findings.errors.cut()
            + findings.warnings.cut()
            + findings.normalisations.cut()
            + findings.notices.cut()
    }

    /// Every row of data with what becomes of it, in the order of the file.
    pub fn verdicts(&self) -> &[RowVerdict] {
        &self.verdicts
    }

    /// Rows as found in the file, with errors or without.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether everything can be applied as it is.
    pub fn is_clean(&self) -> bool {
        self.context.findings.errors.kept().is_empty()
    }

    /// The plan of the chosen rows, all of them or none.
    pub fn choose(&self, selection: &Selection) -> Result<Chosen, ChoiceRefused> {
        if self.context.findings.form_is_broken {
            return Err(ChoiceRefused::FormIsBroken);
        }
        let bad = &self.context.findings.bad_rows;
        let refused: Vec<RowRef> = match selection {
            Selection::Everything => bad.iter().copied().collect(),
            Selection::WithoutErrors => Vec::new(),
            Selection::Only(rows) => bad.intersection(rows).copied().collect(),
        };
        if !refused.is_empty() {
            return Err(ChoiceRefused::RowsHaveErrors(refused));
        }
        let left_out = self.left_out(selection);
        let taken = |at: RowRef| !left_out.contains_key(&at);
        let plan = build::plan(&self.rows, &taken).ok_or(ChoiceRefused::FormIsBroken)?;
        let view = View {
            taken: &taken,
            meant: &taken,
        };
        let mut warnings: Vec<Issue> = self
            .warnings()
            .iter()
            .filter(|w| !depends_on_choice(w.reason))
            .cloned()
            .collect();
        warnings.retain(|w| w.at.is_none_or(taken));
        let between_rows = check::teaching::warnings(&self.rows, &self.context, &view);
        warnings.extend(between_rows.into_kept());
        in_file_order(&mut warnings);
        let left_out = left_out
            .into_iter()
            .map(|(at, cause)| LeftOut { at, cause })
            .collect();
        Ok(Chosen {
            plan,
            left_out,
            warnings,
        })
    }

    fn left_out(&self, selection: &Selection) -> BTreeMap<RowRef, Cause> {
        let bad = &self.context.findings.bad_rows;
        let mut start: BTreeMap<RowRef, Cause> = bad.iter().map(|at| (*at, Cause::Error)).collect();
        if let Selection::Only(rows) = selection {
            let others = self
                .all
                .iter()
                .filter(|at| at.sheet != SheetKind::School && !rows.contains(at));
            for at in others {
                start.entry(*at).or_insert(Cause::NotChosen);
            }
        }
        close(&self.all, start, &self.links)
    }

    fn judge(&self, existing: Option<&SchoolPlan>) -> Vec<RowVerdict> {
        let left_out = self.left_out(&Selection::WithoutErrors);
        let taken = |at: RowRef| !left_out.contains_key(&at);
        let plan = existing.and_then(|_| build::plan(&self.rows, &taken));
        let known = existing
            .zip(plan.as_ref())
            .map(|(existing, plan)| compare::verdicts(existing, plan));
        let verdict = |at: &RowRef| match left_out.get(at) {
            Some(Cause::RefersTo(row)) => Verdict::Blocked(*row),
            Some(Cause::Error | Cause::NotChosen) => Verdict::Error,
            None => {
                let compared = match at.sheet {
                    SheetKind::School => {
                        existing.zip(plan.as_ref()).and_then(|(existing, plan)| {
                            let field = self
                                .context
                                .tables
                                .get(&at.sheet)?
                                .cell(at.row, col::school::FIELD)?;
                            compare::school_field(existing, plan, &field.shown())
                        })
                    }
                    _ => known.as_ref().and_then(|known| known.get(at)).cloned(),
                };
                let likely = self.context.findings.likely_duplicates.get(at);
                match (compared, likely) {
                    (None | Some(Verdict::New), Some(first)) => Verdict::PossibleDuplicate(*first),
                    (Some(verdict), _) => verdict,
                    (None, None) => Verdict::New,
                }
            }
        };
        self.all
            .iter()
            .map(|at| RowVerdict {
                at: *at,
                verdict: verdict(at),
            })
            .collect()
    }
}

fn depends_on_choice(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::TeacherDoubleBooked
            | Reason::RoomDoubleBooked
            | Reason::LoadNotInTimetable
            | Reason::TimetableOverLoad
            | Reason::LessonNotInLoad
            | Reason::TeacherDiffersFromLoad
            | Reason::ClassWithoutTeacher
            | Reason::ClassWithoutPupils
            | Reason::ClassWithoutPeriods
            | Reason::PupilWithoutSubgroup
            | Reason::EmptySubgroup
    )
}
