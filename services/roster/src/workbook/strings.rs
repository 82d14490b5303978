//! The table of strings that cells refer to by number.

use super::{error::ReadError, package::Package, xml::Node};

pub(super) fn read(package: &mut Package<'_>, part: &str) -> Result<Vec<String>, ReadError> {
    let meter = package.meter();
    let limits = meter.limits();
    // What the table says about its own length is not asked: memory grows with what is really there.
    let mut strings = Vec::new();
    let mut xml = package.xml(part)?;
    loop {
        match xml.next()? {
            Node::Open(tag) if tag.is("si") => {
                let text = xml.text("si", "rPh", limits.cell_chars)?;
                meter.keep_text(text.len())?;
                strings.push(unescaped(text));
                if strings.len() > limits.strings {
                    return Err(ReadError::TooManyCells {
                        limit: limits.strings,
                    });
                }
            }
            Node::End => return Ok(strings),
            _ => {}
        }
    }
}

/// Spreadsheets write what XML cannot hold as `_x000D_`, and an underscore before such a thing as
/// `_x005F_`.
pub(super) fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let code = from.get(2..6).filter(|hex| {
            from.get(6..7) == Some("_") && hex.bytes().all(|b| b.is_ascii_hexdigit())
        });
        match code
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32)
        {
            Some(character) => {
                out.push(character);
                rest = from.get(7..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn escaped_characters_are_read_and_everything_else_stays() {
        assert_eq!(unescaped("раз_x000D_\nдва".into()), "раз\r\nдва");
        assert_eq!(unescaped("_x005F_x000D_".into()), "_x000D_");
        assert_eq!(unescaped("а_xб_x00G0_ _x".into()), "а_xб_x00G0_ _x");
    }
}
