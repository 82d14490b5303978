//! The fonts of the forms: PT Sans, its narrow cut for dense tables, PT Mono for codes.
//!
//! They lie uncompressed in the binary, so that they cost no memory until pages of them are touched
//! by the first render.

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::PdfError;

const FILES: [&[u8]; 5] = [
    include_bytes!("../fonts/PTSans-Regular.ttf"),
    include_bytes!("../fonts/PTSans-Bold.ttf"),
    include_bytes!("../fonts/PTSansNarrow-Regular.ttf"),
    include_bytes!("../fonts/PTSansNarrow-Bold.ttf"),
    include_bytes!("../fonts/PTMono-Regular.ttf"),
];

/// The parsed fonts and their index.
pub struct Fonts {
    /// What the typesetter chooses from.
    pub book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Fonts {
    /// Parses the built-in fonts.
    pub fn read() -> Result<Self, PdfError> {
        let fonts = FILES
            .iter()
            .map(|file| Font::new(Bytes::new(*file), 0))
            .collect::<Option<Vec<Font>>>()
            .ok_or(PdfError::Asset("font"))?;
        Ok(Self {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
        })
    }

    /// The font at an index of the book.
    pub fn get(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// Whether any of the fonts can draw the character.
    pub fn draws(&self, sign: char) -> bool {
        self.fonts
            .iter()
            .any(|font| font.info().coverage.contains(u32::from(sign)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Russian, Ukrainian, Crimean Tatar in Latin script, and the signs the templates use.
    const ALPHABETS: &str = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя\
        ҐЄІЇґєії’ʼÂÇĞIİÑÖŞÜâçğıiñöşü№«»—–…§°×%/·□";

    #[test]
    fn the_alphabets_of_the_region_are_covered() {
        let fonts = Fonts::read().unwrap();
        let missing: String = ALPHABETS
            .chars()
            .filter(|sign| !fonts.draws(*sign))
            .collect();
        assert_eq!(missing, "");
        assert!(!fonts.draws('漢'));
    }
}
