//! Which cell formats show a number as a date or a time. Nothing else of the styles is read.

use std::collections::HashMap;

use super::{error::ReadError, package::Package, xml::Node};

/// Whether a number in a format is a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Plain,
    Moment,
}

/// Formats by the number that cells refer to them with.
pub(super) fn read(package: &mut Package<'_>, part: &str) -> Result<Vec<Format>, ReadError> {
    let most = package.meter().limits().cells;
    let mut own: HashMap<String, Format> = HashMap::new();
    let mut formats = Vec::new();
    let mut in_cell_formats = false;
    let mut xml = package.xml(part)?;
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.is("numFmt") => {
                if let (Some(id), Some(code)) =
                    (tag.attribute("numFmtId")?, tag.attribute("formatCode")?)
                {
                    own.insert(id, of_code(&code));
                }
            }
            Node::Open(tag) if tag.is("cellXfs") => in_cell_formats = true,
            Node::Close(tag) if tag.is("cellXfs") => in_cell_formats = false,
            Node::Open(tag) if in_cell_formats && tag.is("xf") => {
                let id = tag.attribute("numFmtId")?.unwrap_or_default();
                formats.push(own.get(&id).copied().unwrap_or_else(|| of_number(&id)));
            }
            Node::End => return Ok(formats),
            _ => {}
        }
        if own.len() > most || formats.len() > most {
            return Err(ReadError::TooManyCells { limit: most });
        }
    }
}

/// Formats that every spreadsheet has, by number (ECMA-376, 18.8.30).
fn of_number(id: &str) -> Format {
    match id.parse::<u16>() {
        Ok(14..=22 | 27..=36 | 45..=47 | 50..=58) => Format::Moment,
        _ => Format::Plain,
    }
}

/// A format code with d, m, y, h or s outside quotes, brackets and escapes.
fn of_code(code: &str) -> Format {
    let mut chars = code.chars();
    let mut until = None;
    while let Some(c) = chars.next() {
        match (until, c) {
            (Some(end), c) if c == end => until = None,
            (Some(_), _) => {}
            (None, '"') => until = Some('"'),
            (None, '[') => {
                // [h], [mm], [ss] count time; [Red], [$-419], [>1] do not.
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if !inside.is_empty()
                    && inside
                        .chars()
                        .all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's'))
                {
                    return Format::Moment;
                }
            }
            (None, '\\' | '_' | '*') => {
                chars.next();
            }
            (None, c) if matches!(c.to_ascii_lowercase(), 'd' | 'm' | 'y' | 'h' | 's') => {
                return Format::Moment;
            }
            (None, ';') => return Format::Plain,
            (None, _) => {}
        }
    }
    Format::Plain
}

#[cfg(test)]
mod tests {
    use super::{Format, of_code};

    #[test]
    fn date_codes_are_told_from_number_codes() {
        for code in [
            "dd/mm/yyyy;@",
            "[$-419]d mmmm yyyy",
            "h:mm",
            "[h]:mm:ss",
            "yyyy\\-mm\\-dd",
        ] {
            assert_eq!(of_code(code), Format::Moment, "{code}");
        }
        for code in [
            "General",
            "0.00",
            "#,##0\\ \"дней\"",
            "[Red]0;[Blue]0",
            "@",
            "\"dmy\"0",
            "0_d",
        ] {
            assert_eq!(of_code(code), Format::Plain, "{code}");
        }
    }
}
