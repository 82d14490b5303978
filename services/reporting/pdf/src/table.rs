//! A report that is one table: the deputy's board and whatever has no form of its own.

use serde_json::json;

use crate::engine::{Form, Template};
use crate::error::bounded;
use crate::{Imprint, PdfError};

/// A titled table whose header is repeated on each page.
#[derive(Debug, Clone)]
pub struct TableReport {
    /// School, moments, signatures, check value.
    pub imprint: Imprint,
    /// Name of the report.
    pub title: String,
    /// Line under the title, for example the period; may be empty.
    pub subtitle: String,
    /// How the page is turned.
    pub orientation: Orientation,
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows from top to bottom; may be none.
    pub rows: Vec<Row>,
    /// Paragraphs under the table, such as how a figure is computed.
    pub notes: Vec<String>,
}

/// How an A4 page is turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    /// Upright.
    Portrait,
    /// On its side.
    Landscape,
}

/// One column of a [`TableReport`].
#[derive(Debug, Clone)]
pub struct Column {
    /// Heading.
    pub title: String,
    /// Where the cells' text stands.
    pub align: Align,
    /// Share of the width left over by the other columns; 0 takes only what the text needs.
    pub share: u8,
}

/// Where the text of a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left: words.
    Start,
    /// In the middle: short codes.
    Center,
    /// At the right: numbers.
    End,
}

/// One row of a [`TableReport`].
#[derive(Debug, Clone)]
pub struct Row {
    /// One text per column.
    pub cells: Vec<String>,
    /// Set in bold: totals.
    pub emphasis: bool,
}

impl TableReport {
    pub(crate) fn form(&self) -> Result<Form<'_>, PdfError> {
        let width = self.columns.len();
        if width == 0 {
            return Err(PdfError::Form("a table without columns".into()));
        }
        bounded(self.rows.len(), width)?;
        if self.title.trim().is_empty() {
            return Err(PdfError::Form("a table without a title".into()));
        }
        if let Some(at) = self.rows.iter().position(|row| row.cells.len() != width) {
            let found = self.rows[at].cells.len();
            return Err(PdfError::Form(format!(
                "row {} has {found} cells for {width} columns",
                at + 1
            )));
        }
        Ok(Form {
            template: Template::Table,
            made_at: &self.imprint.made_at,
            images: Vec::new(),
            data: json!({
                "title": self.title,
                "subtitle": self.subtitle,
                "imprint": self.imprint.values(),
                "landscape": self.orientation == Orientation::Landscape,
                "columns": self.columns.iter().map(|column| json!({
                    "title": column.title,
                    "align": column.align.name(),
                    "share": column.share,
                })).collect::<Vec<_>>(),
                "rows": self.rows.iter().map(|row| json!({
                    "cells": row.cells, "emphasis": row.emphasis,
                })).collect::<Vec<_>>(),
                "notes": self.notes,
            }),
        })
    }
}

impl Align {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Center => "center",
            Self::End => "end",
        }
    }
}
