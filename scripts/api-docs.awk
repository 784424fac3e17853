# Markdown from the comments of formatted .proto files: one section a package,
# service, message and enum; one table row a field and a value.

# The collected comment as it is, or as one line of a table.
function paragraphs() { return comment }
function cell(text) {
  text = comment
  gsub(/\n/, " ", text)
  gsub(/\|/, "\\|", text)
  sub(/ +$/, "", text)
  return text
}
function forget() { comment = "" }

# A type as a link where it is one of ours. Messages nest nowhere, so the last
# part of a name is the heading that it has here.
function link(type, short, anchor) {
  if (type !~ /[A-Z]/ || type ~ /^google\./) return "`" type "`"
  short = type
  sub(/.*\./, "", short)
  anchor = tolower(short)
  return "[`" short "`](#" anchor ")"
}

function open_table(header) {
  if (in_table) return
  printf "\n| %s | what |\n|---|---|\n", header
  in_table = 1
}

FNR == 1 { forget() }
/^package / {
  sub(/;$/, "", $2)
  if ($2 != package) printf "\n# Package `%s`\n", package = $2
  forget()
  next
}
/^ *\/\// {
  line = $0
  sub(/^ *\/\/ ?/, "", line)
  comment = comment line "\n"
  next
}
/^(service|message|enum) / {
  printf "\n## %s\n\n%s", $2, paragraphs()
  in_table = 0
  in_enum = $1 == "enum"
  forget()
  next
}
/^ *rpc / {
  text = $0
  gsub(/[(){};]/, " ", text)
  count = split(text, part, " ")
  ask = part[3] == "stream" ? "stream of " link(part[4]) : link(part[3])
  answer = part[count - 1] == "stream" ? "stream of " link(part[count]) : link(part[count])
  printf "\n### %s\n\n%s → %s\n\n%s", part[2], ask, answer, paragraphs()
  forget()
  next
}
/^ *oneof / {
  forget()
  next
}
/^ *[A-Z][A-Z0-9_]* = [0-9]+;/ && in_enum {
  open_table("value")
  printf "| `%s` | %s |\n", $1, cell()
  forget()
  next
}
/ = [0-9]+;$/ {
  open_table("field")
  label = ""
  first = 1
  if ($1 == "optional" || $1 == "repeated") label = " " $(first++)
  type = $first
  while ($(first + 2) != "=") type = type " " $(++first)
  name = $(first + 1)
  kind = type ~ /^map</ ? "`" type "`" : link(type)
  printf "| `%s` %s%s | %s |\n", name, kind, label, cell()
  forget()
  next
}
/^ *$/ { forget() }
