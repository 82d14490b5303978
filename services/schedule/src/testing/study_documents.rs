//! Curriculum, load and tariff order in tests.

use tonic::{Response, Status};
use zhurnal_proto::id::{ClassId, GroupId, PersonId, SchoolId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change as Heard;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_event::Change;
use zhurnal_proto::schedule::v1::teaching_load_operation::Action;

use super::lesson_plans::request_id;
use super::plans::id;
use super::world::{World, text};

pub use pb::StudyDocumentKind::{Curriculum, Tariff, TeachingLoad};

/// A line of a curriculum; whole hours.
pub fn line(grade: u32, subject: &str, hours: u32) -> pb::CurriculumLine {
    pb::CurriculumLine {
        grade,
        subject_title: subject.into(),
        weekly_hours_hundredths: hours * 100,
        ..Default::default()
    }
}

/// A request that saves a first draft of the kind.
pub fn save_request(kind: pb::StudyDocumentKind, n: u8) -> pb::SaveStudyDocumentRequest {
    pb::SaveStudyDocumentRequest {
        school_id: text::<SchoolId>("school"),
        kind: kind.into(),
        title: "Основной".into(),
        request_id: request_id(n),
        ..Default::default()
    }
}

/// A request that saves a curriculum of grade 5.
pub fn curriculum_request(n: u8) -> pb::SaveStudyDocumentRequest {
    pb::SaveStudyDocumentRequest {
        curriculum_lines: vec![line(5, "Математика", 3), line(5, "Русский язык", 1)],
        ..save_request(Curriculum, n)
    }
}

/// A request that approves the version as it was seen.
pub fn approval_of(seen: &pb::StudyDocument, n: u8) -> pb::ApproveStudyDocumentRequest {
    pb::ApproveStudyDocumentRequest {
        school_id: seen.school_id.clone(),
        study_document_id: seen.study_document_id.clone(),
        etag: seen.etag.clone(),
        request_id: request_id(n),
    }
}

/// A request that changes loads when nobody has begun a version of the load.
pub fn loads_request(actions: Vec<Action>, n: u8) -> pb::ChangeTeachingLoadsRequest {
    let operation = |action| pb::TeachingLoadOperation {
        action: Some(action),
    };
    pb::ChangeTeachingLoadsRequest {
        school_id: text::<SchoolId>("school"),
        operations: actions.into_iter().map(operation).collect(),
        request_id: request_id(n),
        ..Default::default()
    }
}

/// Another teacher from a day on.
pub fn teacher_from(load: &pb::TeachingLoad, from: &str, teacher: &str) -> Action {
    Action::Change(pb::ChangeTeachingLoad {
        teaching_load_id: load.teaching_load_id.clone(),
        from: from.into(),
        teacher_id: text::<PersonId>(teacher),
        ..Default::default()
    })
}

/// A load that was not there.
pub fn added(group: &str, subject: &str, teacher: &str, hours: u32) -> Action {
    Action::Add(pb::AddTeachingLoad {
        group_id: text::<GroupId>(group),
        subject_title: subject.into(),
        teacher_id: text::<PersonId>(teacher),
        weekly_hours_hundredths: hours * 100,
        starts_on: "2026-09-01".into(),
    })
}

impl World {
    /// The loads of a subject, by first day.
    pub async fn loads_of(&self, subject: &str) -> Vec<pb::TeachingLoad> {
        let request = pb::ListTeachingLoadsRequest {
            school_id: text::<SchoolId>("school"),
            page_size: 500,
            ..Default::default()
        };
        let loads = self.deputy().list_teaching_loads(request).await.unwrap();
        let mut loads = loads.into_inner().teaching_loads;
        loads.retain(|load| load.subject_title == subject);
        loads.sort_by(|a, b| a.starts_on.cmp(&b.starts_on));
        loads
    }

    /// Saves as the deputy.
    pub async fn save(
        &self,
        request: pb::SaveStudyDocumentRequest,
    ) -> Result<Response<pb::SaveStudyDocumentResponse>, Status> {
        self.deputy().save_study_document(request).await
    }

    /// A draft that the deputy has saved; its events are left aside.
    pub async fn saved(&self, request: pb::SaveStudyDocumentRequest) -> pb::StudyDocument {
        let answer = self.save(request).await.unwrap();
        self.harness.ignore_announced().await;
        answer.into_inner().study_document.unwrap()
    }

    /// Approves as the director.
    pub async fn approve_document(
        &self,
        seen: &pb::StudyDocument,
        n: u8,
    ) -> Result<Response<pb::ApproveStudyDocumentResponse>, Status> {
        let request = approval_of(seen, n);
        self.director().approve_study_document(request).await
    }

    /// A version that the director has approved; its events are left aside.
    pub async fn approved(&self, seen: &pb::StudyDocument, n: u8) -> pb::StudyDocument {
        let answer = self.approve_document(seen, n).await.unwrap();
        self.harness.ignore_announced().await;
        answer.into_inner().study_document.unwrap()
    }

    /// Versions of the present year.
    pub async fn documents(&self) -> Vec<pb::StudyDocument> {
        let request = pb::ListStudyDocumentsRequest {
            school_id: text::<SchoolId>("school"),
            academic_year: String::new(),
        };
        let answer = self.deputy().list_study_documents(request).await.unwrap();
        answer.into_inner().study_documents
    }

    /// A version with its content.
    pub async fn document(&self, of: &pb::StudyDocument) -> pb::GetStudyDocumentResponse {
        let request = pb::GetStudyDocumentRequest {
            school_id: of.school_id.clone(),
            study_document_id: of.study_document_id.clone(),
        };
        let answer = self.deputy().get_study_document(request).await.unwrap();
        answer.into_inner()
    }

    /// Changes loads as the deputy.
    pub async fn change_loads(
        &self,
        request: pb::ChangeTeachingLoadsRequest,
    ) -> Result<Response<pb::ChangeTeachingLoadsResponse>, Status> {
        self.deputy().change_teaching_loads(request).await
    }

    /// Loads and versions announced since the last look.
    pub async fn announced_load(&self) -> (Vec<pb::TeachingLoad>, Vec<pb::StudyDocument>) {
        let events: Vec<pb::ScheduleEvent> = self.harness.announced().await;
        let (mut loads, mut documents) = (Vec::new(), Vec::new());
        for event in events {
            match event.change {
                Some(Change::TeachingLoadsChanged(changed)) => loads.extend(changed.teaching_loads),
                Some(Change::StudyDocumentChanged(changed)) => {
                    documents.extend(changed.study_document);
                }
                other => panic!("neither loads nor a document: {other:?}"),
            }
        }
        (loads, documents)
    }

    /// Roster tells the class of grade 5, so that its whole group is known.
    pub async fn class_is_told(&self) {
        let class = roster::SchoolClass {
            class_id: text::<ClassId>("5-А"),
            school_id: text::<SchoolId>("school"),
            academic_year: "2026/2027".into(),
            title: "5-А".into(),
            grade: 5,
            ..Default::default()
        };
        let changed = roster::ClassesChanged {
            classes: vec![class],
            removed_ids: Vec::new(),
        };
        self.hear(id("school"), Heard::ClassesChanged(changed))
            .await
            .unwrap();
    }
}
