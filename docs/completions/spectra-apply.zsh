#compdef spectra-apply

autoload -U is-at-least

_spectra-apply() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--confirm=[With --destroy\: go on without asking. SLUG is the board'\''s]:SLUG:_default' \
'--format=[How to print the change set]:FORMAT:((text\:"For people"
json\:"For programs"))' \
'--expect-sha256=[SHA-256 that plan.json must have\: 64 hexadecimal digits]:HEX:_default' \
'--reviewed=[The \`.review.json\` of a dry run\: refuse the apply when GitHub has moved since so that something else would be done]:FILE:_files' \
'*--adopt=[Take over what has the title of something in the plan and isn'\''t Spectra'\''s\: the board and the issues, all of them; with KEY=URL only these, with both these and all that are clear. KEY is the issue'\''s key, or the slug for the board. Takes back issues that lost their marker, too]::KEY=URL:_default' \
'--max-deletes=[How many things may be closed, archived or deleted because the plan no longer has them \[default\: 10, or a tenth of all managed things where that is more\]]:N:_default' \
'--limits=[Pacing\: \`github\`, \`none\` (loopback only), or a JSON file with windows]:LIMITS:_default' \
'--sandbox-state=[File that keeps what the sandbox holds]:FILE:_files' \
'--log-format=[How to write the log on stderr; its level is set by \`SPECTRA_LOG\`]:LOG_FORMAT:((text\:"For people"
json\:"For programs\: one JSON object a line"))' \
'--dry-run[Look and show what would be changed; the default]' \
'--apply[Change GitHub]' \
'--destroy[Take away what Spectra made for the board\: its issues as the plan'\''s \`onRemove\` says, then the board itself if Spectra made it. Labels, milestones and what people made stay. Shows what it will do, and asks for the board'\''s slug]' \
'(--destroy)--force-new-project[Make a new board even where the plan'\''s is there. That one is marked as superseded and otherwise left; the issues are filed on the new one]' \
'--detailed-exitcode[With a dry run\: exit with 2 when there are changes]' \
'(--adopt)--no-adopt[Make new things beside those of the same title that Spectra didn'\''t make]' \
'--overwrite-edits[Write the plan'\''s text over managed regions that people rewrote]' \
'--allow-destructive[Let through what loses data\: options, iterations and fields that items hold values in, replaced views, deleted issues. A recovery file with what is lost is written first]' \
'--sandbox[Talk to a GitHub inside this process instead]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
'::plan -- Folder that spectra-plan wrote\: plan.json, plan.md and plan.sha256:_files' \
":: :_spectra-apply_commands" \
"*::: :->spectra-apply" \
&& ret=0
    case $state in
    (spectra-apply)
        words=($line[2] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:spectra-apply-command-$line[2]:"
        case $line[2] in
            (sandbox)
_arguments "${_arguments_options[@]}" : \
'--listen=[Address to listen on; port 0 picks a free one]:ADDR:_default' \
'--state=[File that keeps what it holds]:FILE:_files' \
'--seed=[JSON file with the owners, repositories and people to begin with]:FILE:_files' \
'--faults=[JSON file with faults to answer with]:FILE:_files' \
'--limits=[What is enforced\: \`github\`, \`none\`, or a JSON file with windows]:LIMITS:_default' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
":: :_spectra-apply__subcmd__sandbox_commands" \
"*::: :->sandbox" \
&& ret=0

    case $state in
    (sandbox)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:spectra-apply-sandbox-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
'--state=[File that keeps what the sandbox holds]:FILE:_files' \
'--project=[Which board; all of them when left out]:OWNER/NUMBER:_default' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
        esac
    ;;
esac
;;
(conformance)
_arguments "${_arguments_options[@]}" : \
'--owner=[Organisation or user to make the projects under]:LOGIN:_default' \
'--repository=[Repository to make the issues in, best one that nobody watches]:OWNER/NAME:_default' \
'--format=[How to print what was found]:FORMAT:((text\:"For people"
json\:"For programs"))' \
'*--only=[Only these checks; a part before the slash means all of it]:NAME:_default' \
'--limits=[Pacing\: \`github\`, \`none\` (loopback only), or a JSON file with windows]:LIMITS:_default' \
'--check-timeout=[Most that one check may take]:SECONDS:_default' \
'--timeout=[Most that the whole may take, the last quarter of it for removing what was made]:SECONDS:_default' \
'--yes[Go on without asking]' \
'--list[Print the checks and their sources; nothing is sent]' \
'--sandbox[Check the GitHub inside this process instead]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
        esac
    ;;
esac
}

(( $+functions[_spectra-apply_commands] )) ||
_spectra-apply_commands() {
    local commands; commands=(
'sandbox:Serves a GitHub in a box to any client, until it is interrupted' \
'conformance:Checks whether GitHub behaves as Spectra takes it to' \
    )
    _describe -t commands 'spectra-apply commands' commands "$@"
}
(( $+functions[_spectra-apply__subcmd__conformance_commands] )) ||
_spectra-apply__subcmd__conformance_commands() {
    local commands; commands=()
    _describe -t commands 'spectra-apply conformance commands' commands "$@"
}
(( $+functions[_spectra-apply__subcmd__sandbox_commands] )) ||
_spectra-apply__subcmd__sandbox_commands() {
    local commands; commands=(
'show:Prints a board that a sandbox holds, as text' \
    )
    _describe -t commands 'spectra-apply sandbox commands' commands "$@"
}
(( $+functions[_spectra-apply__subcmd__sandbox__subcmd__show_commands] )) ||
_spectra-apply__subcmd__sandbox__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'spectra-apply sandbox show commands' commands "$@"
}

if [ "$funcstack[1]" = "_spectra-apply" ]; then
    _spectra-apply "$@"
else
    compdef _spectra-apply spectra-apply
fi
