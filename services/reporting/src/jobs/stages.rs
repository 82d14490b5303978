//! The stages of a run, each begun in the job's row, so that people see how far it
//! is and a lost job stops at the next step.

use std::sync::Arc;

use anyhow::Context;
use sea_orm::DbErr;

use super::collect::collect;
use super::files::{self, Format};
use super::{Ended, announce};
use crate::Shared;
use crate::domain::job::Stage;
use crate::render::{self, ClassSheet, RenderError};
use crate::store::queue::{self, Run};

/// All stages.
pub(super) async fn all(shared: &Shared, run: &Run) -> Ended {
    match in_order(shared, run).await {
        Ok(ended) => ended,
        Err(error) => Ended::Broken(error),
    }
}

async fn in_order(shared: &Shared, run: &Run) -> anyhow::Result<Ended> {
    if !enter(shared, run, Stage::Collect).await? {
        return Ok(Ended::Lost);
    }
    let sheet = match collect(shared, &run.job).await? {
        Ok(sheet) => Arc::new(sheet),
        Err(nothing) => return Ok(Ended::Impossible(nothing.to_string())),
    };
    if !enter(shared, run, Stage::Spreadsheet).await? {
        return Ok(Ended::Lost);
    }
    keep(shared, run, Format::Xlsx, made(&sheet, render::xlsx).await?).await?;
    if !enter(shared, run, Stage::Print).await? {
        return Ok(Ended::Lost);
    }
    keep(shared, run, Format::Pdf, print(shared, &sheet).await?).await?;
    if !enter(shared, run, Stage::OpenData).await? {
        return Ok(Ended::Lost);
    }
    keep(shared, run, Format::Csv, made(&sheet, render::csv).await?).await?;
    Ok(if finish(shared, run).await? {
        Ended::Done
    } else {
        Ended::Lost
    })
}

async fn enter(shared: &Shared, run: &Run, stage: Stage) -> Result<bool, DbErr> {
    let mut uow = shared.cx.db.begin().await?;
    let held = queue::enter(&uow, run, stage).await?;
    if held {
        announce(&mut uow, &run.job, shared.cx.clock.now()).await?;
    }
    uow.commit().await?;
    Ok(held)
}

async fn finish(shared: &Shared, run: &Run) -> Result<bool, DbErr> {
    let now = shared.cx.clock.now();
    let mut uow = shared.cx.db.begin().await?;
    let held = queue::finish(&uow, run, now).await?;
    if held {
        announce(&mut uow, &run.job, now).await?;
    }
    uow.commit().await?;
    Ok(held)
}

type Render = fn(&ClassSheet) -> Result<Vec<u8>, RenderError>;

/// Makes a file on a thread that may be busy for long.
async fn made(sheet: &Arc<ClassSheet>, render: Render) -> anyhow::Result<Vec<u8>> {
    let sheet = sheet.clone();
    let made = tokio::task::spawn_blocking(move || render(&sheet));
    Ok(made.await.context("the renderer panicked")??)
}

/// One at a time in this process.
async fn print(shared: &Shared, sheet: &Arc<ClassSheet>) -> anyhow::Result<Vec<u8>> {
    let turn = shared
        .print
        .clone()
        .acquire_owned()
        .await
        .context("printing has stopped")?;
    let sheet = sheet.clone();
    // The turn goes along: a print that nobody waits for any more is still one.
    let made = tokio::task::spawn_blocking(move || {
        let made = render::pdf(&sheet);
        drop(turn);
        made
    });
    Ok(made.await.context("the renderer panicked")??)
}

async fn keep(shared: &Shared, run: &Run, format: Format, bytes: Vec<u8>) -> anyhow::Result<()> {
    files::put(&shared.cx.files, &run.job, format, &bytes)
        .await
        .context("keeping a file")
}
