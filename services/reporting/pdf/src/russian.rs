//! Dates and moments as Russian print forms write them.

use jiff::Zoned;
use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

/// `30 ноября 2026 г.`
pub fn long_date(date: Date) -> String {
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    format!("{} {month} {} г.", date.day(), date.year())
}

/// `21.11.2026 08:10`, in the zone that the moment carries.
pub fn moment(at: &Zoned) -> String {
    at.strftime("%d.%m.%Y %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_read_as_russian() {
        assert_eq!(long_date(date(2026, 1, 9)), "9 января 2026 г.");
        assert_eq!(long_date(date(2026, 12, 31)), "31 декабря 2026 г.");
        let at = date(2026, 11, 21)
            .at(8, 5, 59, 0)
            .in_tz("Europe/Simferopol")
            .unwrap();
        assert_eq!(moment(&at), "21.11.2026 08:05");
    }
}
