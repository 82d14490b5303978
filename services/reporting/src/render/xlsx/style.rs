//! How cells look. Colour never says anything alone.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

const LINE: Color = Color::RGB(0x9A_A5_B1);
const SHADE: Color = Color::RGB(0xE8_EE_F4);
const FAINT: Color = Color::RGB(0x6B_74_80);
const ALARM: Color = Color::RGB(0xB0_00_20);

/// Formats of a workbook.
pub struct Style {
    /// Name of the form.
    pub title: Format,
    /// Lines under the name.
    pub subtitle: Format,
    /// Notes.
    pub note: Format,
    /// Headings.
    pub head: Format,
    /// Headings that read upwards.
    pub upright: Format,
    /// Texts.
    pub text: Format,
    /// Counts.
    pub count: Format,
    /// Means.
    pub mean: Format,
    /// Means that come to a «2».
    pub low: Format,
    /// Sums of marks: halves exist.
    pub sum: Format,
    /// A subject that the pupil does not study, a count of nothing.
    pub faint: Format,
    /// Labels of totals.
    pub label: Format,
    /// Totals.
    pub total: Format,
    /// Percentages of the bottom rows.
    pub percent: Format,
}

impl Style {
    /// The house's style.
    pub fn new() -> Self {
        let base = || Format::new().set_font_name("Arial").set_font_size(10);
        let cell = || {
            base()
                .set_border(FormatBorder::Thin)
                .set_border_color(LINE)
                .set_align(FormatAlign::VerticalCenter)
        };
        let middle = || cell().set_align(FormatAlign::Center);
        let head = || {
            middle()
                .set_bold()
                .set_background_color(SHADE)
                .set_text_wrap()
        };
        Self {
            title: base().set_font_size(14).set_bold(),
            subtitle: base().set_font_size(11),
            note: base().set_font_size(9).set_italic().set_font_color(FAINT),
            head: head(),
            upright: head().set_rotation(90),
            text: cell(),
            count: middle().set_num_format("0"),
            mean: middle().set_num_format("0.00"),
            low: middle()
                .set_num_format("0.00")
                .set_bold()
                .set_font_color(ALARM),
            sum: middle().set_num_format("0.0"),
            faint: middle().set_font_color(FAINT),
            label: cell().set_bold().set_background_color(SHADE),
            total: middle()
                .set_bold()
                .set_num_format("0")
                .set_background_color(SHADE),
            percent: middle()
                .set_bold()
                .set_num_format("0.0")
                .set_background_color(SHADE),
        }
    }
}
