//! Pulling XML apart, without DTD and without entities other than the five of XML itself.

use std::{
    borrow::Cow,
    io::{BufReader, Read},
};

use quick_xml::{
    Error,
    escape::unescape,
    events::{BytesEnd, BytesRef, BytesStart, Event},
    reader::Reader,
};

use super::{error::ReadError, meter::why};

/// A part being read.
pub(super) struct Xml<R> {
    reader: Reader<BufReader<R>>,
    buffer: Vec<u8>,
}

/// What comes next. Names are without their prefix.
pub(super) enum Node<'x> {
    Open(Tag<'x>),
    Close(EndTag<'x>),
    Text(Cow<'x, str>),
    /// A comment, a declaration, an instruction.
    Nothing,
    End,
}

/// An opening tag.
pub(super) struct Tag<'x>(BytesStart<'x>);

impl Tag<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref() == name
    }

    /// The value of an attribute, without its prefix.
    pub(super) fn attribute(&self, name: &str) -> Result<Option<String>, ReadError> {
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| broken())?;
            if attribute.key.local_name().as_ref() == name {
                let value = unescape(&attribute.value).map_err(|_| ReadError::XmlEntities)?;
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }
}

/// A closing tag.
pub(super) struct EndTag<'x>(BytesEnd<'x>);

impl EndTag<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.0.local_name().as_ref() == name
    }
}

impl<R: Read> Xml<R> {
    pub(super) fn new(source: R) -> Self {
        let mut reader = Reader::from_reader(BufReader::new(source));
        // `<c/>` as `<c></c>`: one shape for all that reads it.
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            buffer: Vec::new(),
        }
    }

    pub(super) fn next(&mut self) -> Result<Node<'_>, ReadError> {
        self.buffer.clear();
        Ok(
            match self
                .reader
                .read_event_into(&mut self.buffer)
                .map_err(|error| refusal(&error))?
            {
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Node::Nothing,
                Event::DocType(_) => return Err(ReadError::XmlEntities),
                Event::Start(tag) | Event::Empty(tag) => Node::Open(Tag(tag)),
                Event::End(tag) => Node::Close(EndTag(tag)),
                Event::Text(text) => Node::Text(text.xml10_content()),
                Event::CData(text) => Node::Text(text.xml10_content()),
                Event::GeneralRef(name) => Node::Text(Cow::Owned(character(&name)?.to_string())),
                Event::Eof => Node::End,
            },
        )
    }

    /// All text up to the end of the element that has just been opened, without that of elements
    /// called `without` (pronunciation in rich text). At most `most` characters.
    pub(super) fn text(
        &mut self,
        element: &str,
        without: &str,
        most: usize,
    ) -> Result<String, ReadError> {
        let mut collected = String::new();
        let mut hidden = 0usize;
        let mut depth = 0usize;
        loop {
            match self.next()? {
                Node::Open(tag) => {
                    hidden += usize::from(hidden > 0 || tag.is(without));
                    depth += 1;
                }
                Node::Close(tag) if depth == 0 && tag.is(element) => return Ok(collected),
                Node::Close(_) => {
                    depth = depth.checked_sub(1).ok_or_else(broken)?;
                    hidden = hidden.saturating_sub(1);
                }
                Node::Text(text) if hidden == 0 => {
                    collected.push_str(&text);
                    if collected.len() > most.saturating_mul(4) {
                        return Err(ReadError::damaged("в ячейке больше 32 767 знаков"));
                    }
                }
                Node::Text(_) | Node::Nothing => {}
                Node::End => return Err(broken()),
            }
        }
    }
}

/// A character by number, or one of the five names that XML itself has.
fn character(reference: &BytesRef<'_>) -> Result<char, ReadError> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| broken())? {
        return Ok(character);
    }
    match reference.as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => Err(ReadError::XmlEntities),
    }
}

pub(super) fn broken() -> ReadError {
    ReadError::damaged("XML внутри книги испорчен")
}

fn refusal(error: &Error) -> ReadError {
    let Error::Io(error) = error else {
        return broken();
    };
    why(error)
}
