//! QR codes as one SVG path, so that no seams show between the modules in print.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// White modules around the symbol that readers need (ISO/IEC 18004).
const QUIET: usize = 4;

/// The SVG of a QR code with medium error correction; `None` if the text is too long for one.
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let (left, top, long) = (x + QUIET, y + QUIET, run.len());
                write!(path, "M{left} {top}h{long}v1h-{long}z").ok()?;
            }
            x += run.len();
        }
    }
    let side = width + 2 * QUIET;
    Some(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>"#
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_inside_the_path_once() {
        let drawn = svg("https://zhurnal.example/i#K7QF2M9X").unwrap();
        let code =
            QrCode::with_error_correction_level("https://zhurnal.example/i#K7QF2M9X", EcLevel::M)
                .unwrap();
        let dark = code
            .to_colors()
            .iter()
            .filter(|c| **c == Color::Dark)
            .count();
        let runs = drawn
            .split('h')
            .skip(1)
            .filter_map(|s| s.split('v').next()?.parse::<usize>().ok());
        assert_eq!(runs.sum::<usize>(), dark);
    }

    #[test]
    fn text_beyond_the_largest_symbol_is_refused() {
        assert!(svg(&"x".repeat(3_000)).is_none());
    }
}
