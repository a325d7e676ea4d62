#!/bin/sh
# Makes docs/demo.svg, the moving picture of README.md, from what the program prints:
#
#     docs/demo.sh [BINARY]
#
# Each line of output fades in after the one before it; the picture starts over when it has ended.
set -eu
binary=${1:-cargo run --quiet --release --}
cd "$(dirname "$0")/.."

shown() {
    printf '$ miscount %s\n' "$*"
    $binary "$@" --color never --progress never
    printf '\n'
}

# The columns of the picture, which is what a terminal would be told.
export COLUMNS=80
{
    shown unsynced -t 2 -r 6 | sed '/^$/d' | head -n 10
    printf '\n'
    shown replay unsynced -t 2 -i 5000 --schedule worst
} | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' | awk '
    { line[++lines] = $0 }
    END {
        step = 18; pace = 0.35; pause = 6
        whole = lines * pace + pause
        width = 740; height = lines * step + 40
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n", width, height, width, height
        print "<title>miscount in a terminal</title>"
        print "<style>"
        print "text { font: 14px ui-monospace, Menlo, Consolas, monospace; fill: #d8dee9; white-space: pre; }"
        print ".typed { fill: #88c0d0; font-weight: bold; }"
        print ".lost { fill: #ebab6d; }"
        for (n = 1; n <= lines; n++) {
            from = 100 * n * pace / whole
            printf "@keyframes l%d { 0%%, %.2f%% { opacity: 0 } %.2f%%, 100%% { opacity: 1 } }\n", n, from, from + 0.5
            printf "#l%d { animation: l%d %.1fs infinite }\n", n, n, whole
        }
        print "@media (prefers-reduced-motion: reduce) { text { animation: none !important } }"
        print "</style>"
        printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#2e3440\"/>\n", width, height
        for (n = 1; n <= lines; n++) {
            class = ""
            if (line[n] ~ /^\$ /) class = " class=\"typed\""
            else if (line[n] ~ /lost/) class = " class=\"lost\""
            printf "<text id=\"l%d\" x=\"16\" y=\"%d\"%s xml:space=\"preserve\">%s</text>\n", n, n * step + 14, class, line[n]
        }
        print "</svg>"
    }' > docs/demo.svg.new
mv docs/demo.svg.new docs/demo.svg
