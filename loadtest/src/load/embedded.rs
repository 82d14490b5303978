//! The embedded profile: one process, SQLite, a school in it.

use std::time::Duration;

use super::{Options, fill, settled};
use crate::figures::{Figures, median};
use crate::install::Install;
use crate::output::say;
use crate::place::Place;
use crate::school::School;
use crate::usage;
use crate::work::arrived;

/// Starts of which the median counts.
const STARTS: usize = 7;
/// Time without requests before memory is read.
const IDLE: Duration = Duration::from_secs(10);

pub(super) async fn measure(options: &Options, figures: &mut Figures) -> anyhow::Result<()> {
    let mut install = Install::embedded(Place::temporary()?, options.binary.clone())?;
    fill(&install, options).await?;
    let first = install.start().await?;
    say(format!(
        "ready for the first time after {} ms",
        first.as_millis()
    ));
    // The school has to have arrived in every service before it is looked at.
    let school = School::enter(install.settings(), install.http(), 10).await?;
    let columns = arrived(&school).await?;
    settled(install.pid()?).await?;
    let used = pss_mb(&install)?;

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        install.stop().await?;
        starts.push(install.start().await?.as_secs_f64() * 1_000.0);
        settled(install.pid()?).await?;
    }
    figures.take(
        "embedded: start to ready, existing databases",
        median(&starts),
        "ms",
    );
    settled(install.pid()?).await?;
    tokio::time::sleep(IDLE).await;
    figures.take(
        "embedded: idle memory after a start (PSS)",
        pss_mb(&install)?,
        "MB",
    );
    figures.take(
        "embedded: memory after every journal was opened (PSS)",
        used,
        "MB",
    );
    let cells: usize = columns.iter().map(|c| c.pupils.len()).sum();
    figures.take(
        "embedded: cells of the school that could be filled",
        cells as f64,
        "cells",
    );
    install.stop().await?;
    install.place().finish()
}

fn pss_mb(install: &Install) -> anyhow::Result<f64> {
    Ok(usage::pss(install.pid()?)? as f64 / 1e6)
}
