//! The cells of a sheet, one after another.

use std::io::Read;

use super::{
    dates,
    error::ReadError,
    meter::Meter,
    package::Package,
    strings::unescaped,
    styles::Format,
    xml::{Node, Tag, Xml, broken},
};
use crate::domain::school_import::book::{Cell, Row};

const LAST_ROW: u32 = 1_048_576;
const LAST_COLUMN: u32 = 16_384;

/// What cells refer to.
pub(super) struct Source<'s> {
    pub(super) strings: &'s [String],
    pub(super) formats: &'s [Format],
    pub(super) from_1904: bool,
}

/// Rows that hold something. Empty rows and cells cost nothing, however many there are.
pub(super) fn read(
    package: &mut Package<'_>,
    part: &str,
    title: &str,
    source: &Source<'_>,
) -> Result<Vec<Row>, ReadError> {
    let meter = package.meter();
    let mut sheet = Sheet {
        rows: Vec::new(),
        row: 0,
        column: 0,
        title,
        meter,
        source,
    };
    let mut xml = package.xml(part)?;
    let mut in_data = false;
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.is("sheetData") => in_data = true,
            Node::Close(tag) if tag.is("sheetData") => return Ok(sheet.rows),
            Node::Open(tag) if in_data && tag.is("row") => sheet.open_row(&tag)?,
            Node::Open(tag) if in_data && tag.is("c") => {
                let opened = sheet.open_cell(&tag)?;
                let content = content(&mut xml, meter)?;
                sheet.close_cell(opened, content)?;
            }
            Node::End => return Err(ReadError::damaged("лист обрывается")),
            _ => {}
        }
    }
}

struct Sheet<'s> {
    rows: Vec<Row>,
    /// The row being read, 1-based; 0 before the first.
    row: u32,
    /// The last column read in it, 1-based; 0 before the first.
    column: u32,
    title: &'s str,
    meter: &'s Meter<'s>,
    source: &'s Source<'s>,
}

struct Opened {
    kind: Option<String>,
    format: Format,
}

/// What stands between `<c>` and `</c>`.
#[derive(Default)]
struct Content {
    formula: Option<String>,
    value: Option<String>,
    inline: Option<String>,
}

impl Sheet<'_> {
    fn open_row(&mut self, tag: &Tag<'_>) -> Result<(), ReadError> {
        let row = match tag.attribute("r")? {
            Some(number) => number.parse().map_err(|_| broken())?,
            None => self.row + 1,
        };
        // Rows that do not ascend are a file that two readers would read differently.
        if row <= self.row || row > LAST_ROW {
            return Err(ReadError::damaged("строки листа идут не по порядку"));
        }
        self.row = row;
        self.column = 0;
        Ok(())
    }

    fn open_cell(&mut self, tag: &Tag<'_>) -> Result<Opened, ReadError> {
        let column = match tag.attribute("r")? {
            Some(place) => {
                let (column, row) = position(&place).ok_or_else(broken)?;
                if row != self.row {
                    return Err(ReadError::damaged("ячейка не в своей строке"));
                }
                column
            }
            None => self.column + 1,
        };
        if column <= self.column || column > LAST_COLUMN {
            return Err(ReadError::damaged("ячейки строки идут не по порядку"));
        }
        self.column = column;
        let style = tag.attribute("s")?.and_then(|s| s.parse::<usize>().ok());
        let format = style
            .and_then(|s| self.source.formats.get(s))
            .copied()
            .unwrap_or(Format::Plain);
        Ok(Opened {
            kind: tag.attribute("t")?,
            format,
        })
    }

    fn close_cell(&mut self, opened: Opened, content: Content) -> Result<(), ReadError> {
        let Some(cell) = self.cell(&opened, content)? else {
            return Ok(());
        };
        let limits = self.meter.limits();
        if self.row > limits.last_row {
            return Err(ReadError::TooManyRows {
                sheet: self.title.to_owned(),
                limit: limits.last_row,
            });
        }
        let column = u16::try_from(self.column).unwrap_or(u16::MAX);
        if column > limits.last_column {
            return Err(ReadError::TooManyColumns {
                sheet: self.title.to_owned(),
                limit: limits.last_column,
            });
        }
        self.meter.keep_cell()?;
        if let Cell::Text(text) | Cell::Formula(text) | Cell::Error(text) = &cell {
            self.meter.keep_text(text.len())?;
        }
        match self.rows.last_mut() {
            Some(row) if row.number == self.row => row.cells.push((column - 1, cell)),
            _ => self.rows.push(Row {
                number: self.row,
                cells: vec![(column - 1, cell)],
            }),
        }
        Ok(())
    }

    fn cell(&self, opened: &Opened, content: Content) -> Result<Option<Cell>, ReadError> {
        if let Some(formula) = content.formula {
            return Ok(Some(Cell::Formula(formula)));
        }
        if let Some(text) = content.inline {
            return Ok(some_text(unescaped(text)));
        }
        let Some(value) = content.value.filter(|v| !v.is_empty()) else {
            return Ok(None);
        };
        Ok(match opened.kind.as_deref() {
            Some("s") => {
                let string = value
                    .trim()
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| self.source.strings.get(index));
                some_text(
                    string
                        .ok_or_else(|| {
                            ReadError::damaged("ячейка ссылается на строку, которой нет")
                        })?
                        .clone(),
                )
            }
            Some("str" | "inlineStr") => some_text(unescaped(value)),
            Some("b") => Some(Cell::Bool(matches!(value.trim(), "1" | "true"))),
            Some("e") => Some(Cell::Error(value)),
            Some("d") => Some(dates::iso(&value).unwrap_or(Cell::Text(value))),
            Some("n") | None => Some(self.number(&value, opened.format)?),
            Some(_) => return Err(broken()),
        })
    }

    fn number(&self, value: &str, format: Format) -> Result<Cell, ReadError> {
        let number: f64 = value.trim().parse().map_err(|_| broken())?;
        if !number.is_finite() {
            return Err(broken());
        }
        let moment = match format {
            Format::Moment => dates::moment(number, self.source.from_1904),
            Format::Plain => None,
        };
        Ok(moment.unwrap_or(Cell::Number(number)))
    }
}

fn some_text(text: String) -> Option<Cell> {
    (!text.is_empty()).then_some(Cell::Text(text))
}

fn content<R: Read>(xml: &mut Xml<R>, meter: &Meter<'_>) -> Result<Content, ReadError> {
    let most = meter.limits().cell_chars;
    let mut content = Content::default();
    loop {
        match xml.next()? {
            Node::Close(tag) if tag.is("c") => return Ok(content),
            Node::Open(tag) if tag.is("f") => {
                let text = xml.text("f", "", most)?;
                // Cells that share a formula with another have an empty element.
                content.formula = Some(text);
            }
            Node::Open(tag) if tag.is("v") => content.value = Some(xml.text("v", "", most)?),
            Node::Open(tag) if tag.is("is") => content.inline = Some(xml.text("is", "rPh", most)?),
            Node::End => return Err(ReadError::damaged("лист обрывается")),
            _ => {}
        }
    }
}

/// `B52` as column 2, row 52.
fn position(place: &str) -> Option<(u32, u32)> {
    let digits = place.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = (place.get(..digits)?, place.get(digits..)?);
    let mut column = 0u32;
    for letter in letters.bytes() {
        let digit = letter
            .to_ascii_uppercase()
            .checked_sub(b'A')
            .filter(|d| *d < 26)?;
        column = column.checked_mul(26)?.checked_add(u32::from(digit) + 1)?;
    }
    let row = row
        .parse()
        .ok()
        .filter(|row| (1..=LAST_ROW).contains(row))?;
    (1..=LAST_COLUMN).contains(&column).then_some((column, row))
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn places_are_read_and_impossible_ones_are_not() {
        assert_eq!(position("A1"), Some((1, 1)));
        assert_eq!(position("XFD1048576"), Some((16_384, 1_048_576)));
        for place in ["", "A", "1", "A0", "XFE1", "A1048577", "ZZZZZZZZZZ1", "А1"] {
            assert_eq!(position(place), None, "{place}");
        }
    }
}
