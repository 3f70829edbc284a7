# Sourced by ./mvnw and ./palimpsest: sets JAVA_HOME to a JDK of release 21 or newer, or explains what to install.
# JAVA_HOME wins when it is new enough; otherwise the newest JDK found in the usual places.

MIN_JAVA=21

# systemd and bare containers start programs without HOME; what the user has elsewhere is in the account then.
if [ -z "${HOME:-}" ]; then
  HOME=$(getent passwd "$(id -u)" 2>/dev/null | cut -d : -f 6) || HOME=
  HOME=${HOME:-/nonexistent}
fi

# Prints the feature release (21, 25, ...) of the JDK in $1; nothing when there is no JDK (a JRE has no javac).
jdk_release() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  # Not every JDK has that file, and the callers' set -e holds in here.
  version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release" 2>/dev/null) || version=
  [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1)
  case "$version" in
    1.*) version=${version#1.} ;;
  esac
  printf '%s' "$version" | sed 's/[^0-9].*//'
}

# Prints candidate JDK homes, a line each.
jdk_candidates() {
  for dir in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "$HOME"/.jdks/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -d "$dir" ] && printf '%s\n' "$dir"
  done
  for file in "$HOME/.m2/toolchains.xml" /etc/maven/toolchains.xml; do
    [ -r "$file" ] && sed -n 's/.*<jdkHome>\(.*\)<\/jdkHome>.*/\1/p' "$file"
  done
  java_on_path=$(command -v java 2>/dev/null) || java_on_path=
  if [ -n "$java_on_path" ]; then
    java_on_path=$(readlink -f "$java_on_path" 2>/dev/null || printf '%s' "$java_on_path")
    printf '%s\n' "${java_on_path%/bin/java}"
  fi
}

find_jdk() {
  release=$(jdk_release "${JAVA_HOME:-/nonexistent}")
  if [ -n "$release" ] && [ "$release" -ge "$MIN_JAVA" ]; then
    export JAVA_HOME
    return 0
  fi
  best=
  best_release=0
  while IFS= read -r candidate; do
    release=$(jdk_release "$candidate")
    if [ -n "$release" ] && [ "$release" -ge "$MIN_JAVA" ] && [ "$release" -gt "$best_release" ]; then
      best=$candidate
      best_release=$release
    fi
  done <<EOF
$(jdk_candidates)
EOF
  if [ -z "$best" ]; then
    cat >&2 <<EOF
Palimpsest needs a JDK (not only a JRE) of release $MIN_JAVA or newer, and found none
(looked at JAVA_HOME, the PATH, the usual install folders and Maven's toolchains.xml).

Install one, for example:
  Debian, Ubuntu   sudo apt-get install openjdk-21-jdk-headless
  Fedora           sudo dnf install java-21-openjdk-devel
  macOS            brew install openjdk
  any system       https://adoptium.net
or set JAVA_HOME to the folder of one that is already there.
EOF
    return 1
  fi
  JAVA_HOME=$best
  export JAVA_HOME
}
