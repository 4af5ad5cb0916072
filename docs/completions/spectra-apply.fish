# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_spectra_apply_global_optspecs
    string join \n dry-run apply destroy confirm= force-new-project detailed-exitcode format= expect-sha256= reviewed= adopt= no-adopt overwrite-edits max-deletes= allow-destructive limits= sandbox sandbox-state= log-format= h/help V/version
end

function __fish_spectra_apply_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_spectra_apply_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_spectra_apply_using_subcommand
    set -l cmd (__fish_spectra_apply_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l confirm -d 'With --destroy: go on without asking. SLUG is the board\'s' -r
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l format -d 'How to print the change set' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l expect-sha256 -d 'SHA-256 that plan.json must have: 64 hexadecimal digits' -r
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l reviewed -d 'The `.review.json` of a dry run: refuse the apply when GitHub has moved since so that something else would be done' -r -F
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l adopt -d 'Take over what has the title of something in the plan and isn\'t Spectra\'s: the board and the issues, all of them; with KEY=URL only these, with both these and all that are clear. KEY is the issue\'s key, or the slug for the board. Takes back issues that lost their marker, too' -r
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l max-deletes -d 'How many things may be closed, archived or deleted because the plan no longer has them [default: 10, or a tenth of all managed things where that is more]' -r
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l limits -d 'Pacing: `github`, `none` (loopback only), or a JSON file with windows' -r
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l sandbox-state -d 'File that keeps what the sandbox holds' -r -F
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l log-format -d 'How to write the log on stderr; its level is set by `SPECTRA_LOG`' -r -f -a "text\t'For people'
json\t'For programs: one JSON object a line'"
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l dry-run -d 'Look and show what would be changed; the default'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l apply -d 'Change GitHub'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l destroy -d 'Take away what Spectra made for the board: its issues as the plan\'s `onRemove` says, then the board itself if Spectra made it. Labels, milestones and what people made stay. Shows what it will do, and asks for the board\'s slug'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l force-new-project -d 'Make a new board even where the plan\'s is there. That one is marked as superseded and otherwise left; the issues are filed on the new one'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l detailed-exitcode -d 'With a dry run: exit with 2 when there are changes'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l no-adopt -d 'Make new things beside those of the same title that Spectra didn\'t make'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l overwrite-edits -d 'Write the plan\'s text over managed regions that people rewrote'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l allow-destructive -d 'Let through what loses data: options, iterations and fields that items hold values in, replaced views, deleted issues. A recovery file with what is lost is written first'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -l sandbox -d 'Talk to a GitHub inside this process instead'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -s V -l version -d 'Print version'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -a "sandbox" -d 'Serves a GitHub in a box to any client, until it is interrupted'
complete -c spectra-apply -n "__fish_spectra_apply_needs_command" -a "conformance" -d 'Checks whether GitHub behaves as Spectra takes it to'
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand sandbox; and not __fish_seen_subcommand_from show" -l listen -d 'Address to listen on; port 0 picks a free one' -r
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand sandbox; and not __fish_seen_subcommand_from show" -l state -d 'File that keeps what it holds' -r -F
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand sandbox; and not __fish_seen_subcommand_from show" -l seed -d 'JSON file with the owners, repositories and people to begin with' -r -F
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand sandbox; and not __fish_seen_subcommand_from show" -l faults -d 'JSON file with faults to answer with' -r -F
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand sandbox; and not __fish_seen_subcommand_from show" -l limits -d 'What is enforced: `github`, `none`, or a JSON file with windows' -r
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand sandbox; and not __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand sandbox; and not __fish_seen_subcommand_from show" -f -a "show" -d 'Prints a board that a sandbox holds, as text'
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand sandbox; and __fish_seen_subcommand_from show" -l state -d 'File that keeps what the sandbox holds' -r -F
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand sandbox; and __fish_seen_subcommand_from show" -l project -d 'Which board; all of them when left out' -r
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand sandbox; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -l owner -d 'Organisation or user to make the projects under' -r
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -l repository -d 'Repository to make the issues in, best one that nobody watches' -r
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -l format -d 'How to print what was found' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -l only -d 'Only these checks; a part before the slash means all of it' -r
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -l limits -d 'Pacing: `github`, `none` (loopback only), or a JSON file with windows' -r
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -l check-timeout -d 'Most that one check may take' -r
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -l timeout -d 'Most that the whole may take, the last quarter of it for removing what was made' -r
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -l yes -d 'Go on without asking'
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -l list -d 'Print the checks and their sources; nothing is sent'
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -l sandbox -d 'Check the GitHub inside this process instead'
complete -c spectra-apply -n "__fish_spectra_apply_using_subcommand conformance" -s h -l help -d 'Print help (see more with \'--help\')'
