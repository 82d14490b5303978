//! AuthorizeTopics: which live topics the caller may follow. Unknown, foreign and
//! malformed ones are left out alike.

use std::collections::{HashMap, HashSet};

use chassis::{access::Facts, caller::Caller, status};
use tonic::Status;
use zhurnal_proto::{
    grading::v1::{AuthorizeTopicsRequest, AuthorizeTopicsResponse},
    id::{JournalId, PersonId, SchoolId},
};

use super::facts;
use crate::{Grading, store::schools};

enum Topic {
    Pupil(PersonId),
    Journal(JournalId),
    Corrections(SchoolId),
}

impl Topic {
    fn read(text: &str) -> Option<Topic> {
        let (kind, id) = text.split_once(':')?;
        match kind {
            "pupil" => id.parse().ok().map(Topic::Pupil),
            "journal" => id.parse().ok().map(Topic::Journal),
            "corrections" => id.parse().ok().map(Topic::Corrections),
            _ => None,
        }
    }
}

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: AuthorizeTopicsRequest,
) -> Result<AuthorizeTopicsResponse, Status> {
    grading
        .cx
        .access
        .check(caller, "grading.topics.authorize", &Facts::own())?;
    let topics: Vec<(String, Topic)> = request
        .topics
        .into_iter()
        .filter_map(|text| Topic::read(&text).map(|topic| (text, topic)))
        .collect();
    let pupils = pupils(grading, caller, &topics).await?;
    let journals = journals(grading, caller, &topics).await?;
    let may = |topic: &Topic| match topic {
        Topic::Pupil(pupil) => pupils.contains(pupil),
        Topic::Journal(journal) => journals.contains(journal),
        Topic::Corrections(school) => {
            caller.user().is_some_and(|user| user.person.is_some())
                && grading.cx.access.permits(
                    caller,
                    "grading.corrections.list",
                    &Facts::school(*school),
                )
        }
    };
    let topics = topics
        .iter()
        .filter(|(_, topic)| may(topic))
        .map(|(text, _)| text.clone())
        .collect();
    Ok(AuthorizeTopicsResponse { topics })
}

async fn pupils(
    grading: &Grading,
    caller: &Caller,
    topics: &[(String, Topic)],
) -> Result<HashSet<PersonId>, Status> {
    let asked: Vec<PersonId> = topics
        .iter()
        .filter_map(|(_, topic)| {
            if let Topic::Pupil(pupil) = topic {
                Some(*pupil)
            } else {
                None
            }
        })
        .collect();
    if asked.is_empty() {
        return Ok(HashSet::new());
    }
    let found = facts::pupils(grading, grading.cx.db.read(), &asked).await?;
    let may = |told: &Facts| grading.cx.access.permits(caller, "grading.diary.get", told);
    Ok(found
        .iter()
        .filter(|pupil| may(&facts::of_pupil(pupil)))
        .map(|pupil| pupil.pupil)
        .collect())
}

/// A session acts in one school: journals of another one are not looked for.
async fn journals(
    grading: &Grading,
    caller: &Caller,
    topics: &[(String, Topic)],
) -> Result<HashSet<JournalId>, Status> {
    let asked: Vec<JournalId> = topics
        .iter()
        .filter_map(|(_, topic)| {
            if let Topic::Journal(journal) = topic {
                Some(*journal)
            } else {
                None
            }
        })
        .collect();
    let Some(school) = caller
        .user()
        .and_then(|user| user.school)
        .filter(|_| !asked.is_empty())
    else {
        return Ok(HashSet::new());
    };
    let db = grading.cx.db.read();
    let Some(school) = schools::find(db, school).await.map_err(status::from_db)? else {
        return Ok(HashSet::new());
    };
    let found: HashMap<JournalId, Facts> = facts::journals(grading, db, caller, &school, &asked)
        .await?
        .iter()
        .map(|journal| (journal.journal.id, facts::of_journal(journal, caller)))
        .collect();
    let may = |told: &Facts| {
        grading
            .cx
            .access
            .permits(caller, "grading.journals.get", told)
    };
    Ok(found
        .into_iter()
        .filter(|(_, told)| may(told))
        .map(|(id, _)| id)
        .collect())
}
