//! A region of alike schools, made from one: the rows of the school in a service's database
//! are copied in the database itself, every id changed by the number of the copy. The same
//! school and number give the same rows, so runs can be repeated; half a million rows take
//! seconds, because nothing but the server touches them.

use std::ops::RangeInclusive;

use sea_orm::{ConnectionTrait as _, FromQueryResult};
use uuid::Uuid;

use crate::postgres::{Postgres, rows};

/// Tables whose rows belong to the service and not to a school's life.
const OF_THE_SERVICE: [&str; 9] = [
    "outbox",
    "idempotency",
    "feed",
    "ledger",
    "import",
    "school_import",
    "witnessed_checkpoint",
    "seaql",
    "access",
];

/// Texts of a school that no other school has.
const OWN_TEXTS: [&str; 3] = ["title", "title_key", "sort_key"];

#[derive(FromQueryResult)]
struct Column {
    relation: String,
    name: String,
    kind: String,
}

/// Adds the copies with these numbers of a school to a service's database.
pub async fn copy(
    server: &Postgres,
    database: &str,
    school: Uuid,
    copies: RangeInclusive<usize>,
) -> anyhow::Result<()> {
    let db = server.admin(database).await?;
    let columns: Vec<Column> = rows(&db, COLUMNS).await?;
    for table in columns.chunk_by(|a, b| a.relation == b.relation) {
        let relation = &table[0].relation;
        let of_a_school = table.iter().any(|column| column.name == "school_id");
        let of_the_service = OF_THE_SERVICE
            .iter()
            .any(|words| relation.starts_with(words));
        if of_a_school && !of_the_service {
            db.execute_unprepared(&statement(table, school, &copies))
                .await?;
        }
    }
    db.close().await?;
    Ok(())
}

/// Columns of all tables that hold rows of their own or in partitions.
const COLUMNS: &str = "SELECT c.relname::text AS relation, a.attname::text AS name,
        format_type(a.atttypid, NULL)::text AS kind
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attgenerated = '' AND a.attidentity = ''
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY c.relname, a.attnum";

fn statement(table: &[Column], school: Uuid, copies: &RangeInclusive<usize>) -> String {
    let relation = &table[0].relation;
    let names: Vec<String> = table.iter().map(|c| format!("\"{}\"", c.name)).collect();
    let values: Vec<String> = table.iter().map(value).collect();
    let (names, values) = (names.join(", "), values.join(", "));
    let (first, last) = (copies.start(), copies.end());
    format!(
        "INSERT INTO \"{relation}\" ({names}) SELECT {values} FROM \"{relation}\" t, \
         generate_series({first}, {last}) AS copy(number) WHERE t.school_id = '{school}'"
    )
}

fn value(column: &Column) -> String {
    let Column {
        relation,
        name,
        kind,
    } = column;
    match kind.as_str() {
        // Municipalities are the region's.
        "uuid" if name != "municipality_id" => {
            format!("md5(t.\"{name}\"::text || copy.number)::uuid")
        }
        "text" if relation == "school" && OWN_TEXTS.contains(&name.as_str()) => {
            format!("t.\"{name}\" || ' ' || lpad(copy.number::text, 4, '0')")
        }
        _ => format!("t.\"{name}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(relation: &str, name: &str, kind: &str) -> Column {
        let [relation, name, kind] = [relation, name, kind].map(str::to_owned);
        Column {
            relation,
            name,
            kind,
        }
    }

    #[test]
    fn ids_change_with_the_copy_and_values_stay() {
        let table = [
            column("enrolment", "school_id", "uuid"),
            column("enrolment", "starts_on", "text"),
        ];
        assert_eq!(
            statement(&table, Uuid::nil(), &(1..=9)),
            "INSERT INTO \"enrolment\" (\"school_id\", \"starts_on\") SELECT \
             md5(t.\"school_id\"::text || copy.number)::uuid, t.\"starts_on\" FROM \"enrolment\" t, \
             generate_series(1, 9) AS copy(number) \
             WHERE t.school_id = '00000000-0000-0000-0000-000000000000'"
        );
    }

    #[test]
    fn a_municipality_is_the_regions_and_a_title_the_schools() {
        assert_eq!(
            value(&column("school", "municipality_id", "uuid")),
            "t.\"municipality_id\""
        );
        assert_eq!(
            value(&column("school", "title_key", "text")),
            "t.\"title_key\" || ' ' || lpad(copy.number::text, 4, '0')"
        );
        assert_eq!(
            value(&column("study_group", "title", "text")),
            "t.\"title\""
        );
    }
}
