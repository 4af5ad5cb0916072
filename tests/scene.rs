//! A board and its GitHub, for tests that play the same thing many times and look at the end only.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use spectra_model::board_record::Readme;
use spectra_model::marker::MarkedBody;
use spectra_sandbox::world::Behaviour;
use spectra_sandbox::{Clock, Seed, SeedIssueType, SeedOrganization, SeedTeam, World};
use tempfile::TempDir;

use crate::github::{GitHub, START, VIEWER};
use crate::picture::{Detail, picture};
use crate::run::{self, Ended};

/// Why a scene can't be set: a defect of the test.
type Problem = Box<dyn std::error::Error>;

/// A plan in a folder of its own.
pub struct Planned {
    folder: TempDir,
    slug: String,
}

impl Planned {
    /// Plans a manifest, whose only board has this slug.
    ///
    /// # Errors
    /// With the planner's words when it refuses.
    pub fn of(manifest: &str, slug: &str) -> Result<Self, Problem> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("manifest.yml"), manifest)?;
        let ended = run::plan(folder.path(), &["manifest.yml"]);
        if ended.code == 0 { Ok(Self { folder, slug: slug.to_owned() }) } else { Err(ended.told().into()) }
    }

    /// The plan's folder.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join(".spectra/output/project").join(&self.slug)
    }
}

/// A GitHub with an organisation `acme`, its repositories `voice` and `handbook`, its team `data-platform` and the users
/// `octocat` and `hubot`, and a folder to apply from.
pub struct Scene {
    /// The GitHub.
    pub github: GitHub,
    /// Where runs leave their locks and evidence.
    pub folder: TempDir,
}

impl Scene {
    /// A fresh one.
    ///
    /// # Errors
    /// When the machine has no port, thread or folder to give.
    pub fn set() -> Result<Self, Problem> {
        let team = SeedTeam { slug: "data-platform".to_owned(), name: None, members: Vec::new() };
        let acme =
            SeedOrganization { login: "acme".to_owned(), teams: vec![team], ..SeedOrganization::default() };
        let seed = Seed { organizations: vec![acme], ..Seed::new(VIEWER) };
        let seed =
            seed.user("octocat").user("hubot").repository("acme", "voice").repository("acme", "handbook");
        let github = GitHub::serve(seed, None, Clock::fixed(START))?;
        Ok(Self { github, folder: tempfile::tempdir()? })
    }

    /// One with the organisations `acme` and `labs` and the users `ada` and `octocat`, their repositories `acme/voice`,
    /// `labs/tools` and `ada/notes`, where a board lists an item only ten minutes after it was added. `labs` has the issue
    /// type `Chore` alone.
    ///
    /// # Errors
    /// When the machine has no port, thread or folder to give.
    pub fn of_several_owners() -> Result<Self, Problem> {
        let acme = SeedOrganization { login: "acme".to_owned(), ..SeedOrganization::default() };
        let chore = SeedIssueType { name: "Chore".to_owned(), description: None, color: None };
        let labs =
            SeedOrganization { login: "labs".to_owned(), issue_types: Some(vec![chore]), ..acme.clone() };
        let behaviour = Some(Behaviour { items_lag_ms: 600_000, ..Behaviour::default() });
        let seed = Seed { organizations: vec![acme, labs], behaviour, ..Seed::new(VIEWER) };
        let seed = seed.user("ada").user("octocat");
        let seed = seed.repository("acme", "voice").repository("labs", "tools").repository("ada", "notes");
        let github = GitHub::serve(seed, None, Clock::fixed(START))?;
        Ok(Self { github, folder: tempfile::tempdir()? })
    }

    /// The first one, where GitHub holds a world already.
    ///
    /// # Errors
    /// When the machine has no port, thread or folder to give.
    pub fn with(world: &World) -> Result<Self, Problem> {
        let scene = Self::set()?;
        scene.github.be(world);
        Ok(scene)
    }

    /// Applies a plan from the scene's folder.
    pub fn apply(&self, plan: &Planned) -> Ended {
        self.apply_from(self.folder.path(), plan)
    }

    /// Applies a plan from another folder: another machine, as far as a run can tell.
    pub fn apply_from(&self, folder: &Path, plan: &Planned) -> Ended {
        self.github.apply(folder, &[&plan.path().to_string_lossy(), "--apply"])
    }

    /// Applies a plan from the scene's folder, with further arguments.
    pub fn apply_with(&self, plan: &Planned, arguments: &[&str]) -> Ended {
        let path = plan.path();
        let path = path.to_string_lossy();
        let all: Vec<&str> = [&*path, "--apply"].into_iter().chain(arguments.iter().copied()).collect();
        self.github.apply(self.folder.path(), &all)
    }

    /// Makes a dry run; the path of its review, empty where it left none.
    pub fn review(&self, plan: &Planned) -> String {
        let ended = self.github.apply(self.folder.path(), &[&plan.path().to_string_lossy(), "--dry-run"]);
        let evidence = ended.stderr.lines().find_map(|line| line.strip_prefix("Evidence: "));
        evidence.map(|path| path.replace(".json", ".review.json")).unwrap_or_default()
    }

    /// What GitHub holds, as far as people see it.
    pub fn substance(&self) -> String {
        picture(&self.github.world(), Detail::Substance)
    }

    /// Requests that write which GitHub was sent so far.
    pub fn writes(&self) -> u64 {
        self.github.writes()
    }

    /// How many runs left evidence in the scene's folder.
    pub fn evidence(&self) -> usize {
        let folder = self.folder.path().join(".spectra/evidence/project-provisioning/voice");
        let Ok(entries) = fs::read_dir(folder) else { return 0 };
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).count()
    }
}

/// What a world has twice and should have once: boards of a slug, issues of a key, labels and fields of a name.
pub fn duplicates(world: &World) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |what: String| *seen.entry(what).or_default() += 1;
    for project in world.projects.values() {
        let readme = Readme::read(project.readme.as_deref().unwrap_or_default());
        if let Some(record) = readme.ok().and_then(|readme| readme.record) {
            count(format!("board {}", record.slug));
        }
        count(format!("title {}", project.title.to_lowercase()));
        for field in project.fields.iter().filter_map(|id| world.fields.get(id)) {
            count(format!("field {} of {}", field.name.to_lowercase(), project.number));
            for option in &field.options {
                count(format!("option {} of {} of {}", option.name, field.name, project.number));
            }
            for iteration in field.iterations.iter().flat_map(|iterations| &iterations.all) {
                count(format!("iteration {} of {} of {}", iteration.title, field.name, project.number));
            }
        }
        for view in project.views.iter().filter_map(|id| world.views.get(id)) {
            count(format!("view {} of {}", view.name.to_lowercase(), project.number));
        }
    }
    for issue in world.issues.values() {
        if let Some(body) = MarkedBody::read(&issue.body) {
            count(format!("issue {}", body.marker.key));
        }
    }
    for draft in world.drafts.values() {
        if let Some(body) = MarkedBody::read(&draft.body) {
            count(format!("draft {}", body.marker.key));
        }
    }
    for milestone in world.milestones.values() {
        count(format!("milestone {} of {}", milestone.title.to_lowercase(), milestone.repository.as_str()));
    }
    for label in world.labels.values() {
        count(format!("label {} of {}", label.name.to_lowercase(), label.repository.as_str()));
    }
    seen.into_iter().filter(|(_, times)| *times > 1).map(|(what, _)| what).collect()
}
