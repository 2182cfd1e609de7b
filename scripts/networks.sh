# shellcheck shell=bash
# The recipes of compress/networks.txt, for the scripts that make networks; sourced after lib.sh.

network_table=$root/compress/networks.txt

# Trims the blanks at both ends.
trimmed() { sed 's/^[[:space:]]*//; s/[[:space:]]*$//' <<<"$1"; }

# network_names [*]: all of them, or those in golden/models, in the order of the table.
network_names() {
  local name rest
  while IFS='|' read -r name rest; do
    name=$(trimmed "$name")
    [[ $name && $name != '#'* ]] || continue
    [[ ${1-} != '*' || $name == *'*' ]] || continue
    printf '%s\n' "${name%'*'}"
  done <"$network_table"
}

# network_field NAME COLUMN: 2 made from, 3 options, 4 goal, 5 paper, 6 what.
network_field() {
  local row
  row=$(grep -sE "^$1[*]?[[:space:]]*[|]" "$network_table") || not_ready "no network '$1' in $network_table"
  trimmed "$(cut -d '|' -f "$2" <<<"$row")"
}

# network_file DATA NAME: what its file is called.
network_file() {
  local suffix=-$2
  [[ $2 != dense ]] || suffix=
  printf '%s-784-50-100-10%s.onnx' "$1" "$suffix"
}

# make_network NAME SEED SOURCE OUTPUT: trains OUTPUT from the file SOURCE.
make_network() {
  local name=$1 seed=$2 source=$3 output=$4 options
  read -ra options <<<"$(network_field "$name" 3)"
  [[ ${options[0]} == train ]] || options=("${options[0]}" "$source" "${options[@]:1}")
  OMP_NUM_THREADS=1 run nice -n 19 "$root/build/test/bin/cfc-compress" "${options[@]}" \
    --seed "$seed" -o "$output"
}
