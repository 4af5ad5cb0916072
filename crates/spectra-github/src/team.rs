//! Teams of an organisation, and which of them are linked to a board.

use std::collections::BTreeMap;

use spectra_model::id::{Login, NodeId, TeamSlug};

use crate::batch::batch_op;
use crate::failure::Failure;
use crate::lookup::LookUp;
use crate::operations::{LinkTeam, Team, UnlinkTeam, board_links, link_team, team, unlink_team};
use crate::reader::Reader;

batch_op!(LinkTeam, link_team, "linkProjectV2ToTeam", LinkProjectV2ToTeamInput, LinkTeamSel);
batch_op!(UnlinkTeam, unlink_team, "unlinkProjectV2FromTeam", UnlinkProjectV2FromTeamInput, UnlinkTeamSel);

impl LookUp for Team {
    type Found = team::TeamSel;
    const NAME: &'static str = "Teams";
    const COMMON: &'static str = "$owner: String!";
    const WITHIN: &'static str = "organization(login: $owner)";
    const FIELD: &'static str = "team(slug: $key)";
    const FRAGMENT: &'static str = "TeamSel";
    const DOCUMENT: &'static str = team::QUERY;
}

/// A team as a list has it.
pub(crate) struct LinkedTeam {
    pub(crate) slug: TeamSlug,
    pub(crate) id: NodeId,
}

impl From<board_links::BoardLinksNodeOnProjectV2TeamsNodes> for LinkedTeam {
    fn from(team: board_links::BoardLinksNodeOnProjectV2TeamsNodes) -> Self {
        Self { slug: TeamSlug::new(team.slug), id: NodeId::new(team.id) }
    }
}

impl Reader {
    /// Those of an organisation's teams that are there and seen, by the slugs that were asked for. One point for all.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn teams(
        &self,
        owner: &Login,
        slugs: &[TeamSlug],
    ) -> Result<BTreeMap<TeamSlug, NodeId>, Failure> {
        let keys: Vec<&str> = slugs.iter().map(TeamSlug::as_str).collect();
        let found = self.client().look_up::<Team>(&[("owner", owner.as_str())], &keys).await?;
        let pairs = slugs.iter().zip(found);
        Ok(pairs.filter_map(|(slug, team)| Some((slug.clone(), NodeId::new(team?.id)))).collect())
    }
}

pub(crate) fn link(project: &NodeId, team: &NodeId) -> link_team::LinkProjectV2ToTeamInput {
    link_team::LinkProjectV2ToTeamInput {
        project_id: project.as_str().to_owned(),
        team_id: team.as_str().to_owned(),
        ..Default::default()
    }
}

pub(crate) fn unlink(project: &NodeId, team: &NodeId) -> unlink_team::UnlinkProjectV2FromTeamInput {
    unlink_team::UnlinkProjectV2FromTeamInput {
        project_id: project.as_str().to_owned(),
        team_id: team.as_str().to_owned(),
        ..Default::default()
    }
}
