# Finds a JDK 25 without starting one: a JDK says its version in its file `release`. Sourced by gbpf and .ci/run.

# jdk_version HOME: sets REPLY to the version, as "25.0.3"; fails when there is no JDK or JRE.
jdk_version() {
  local line
  [[ -x $1/bin/java && -r $1/release ]] || return 1
  while IFS= read -r line || [[ -n $line ]]; do
    if [[ $line == JAVA_VERSION=* ]]; then
      line=${line#JAVA_VERSION=}
      line=${line%$'\r'}
      REPLY=${line//\"/}
      return 0
    fi
  done <"$1/release"
  return 1
}

# is_jdk_25 HOME: with a compiler where NEED_JAVAC is set
is_jdk_25() {
  jdk_version "$1" && [[ $REPLY =~ ^25([^0-9]|$) && ( -z ${NEED_JAVAC:-} || -x $1/bin/javac ) ]]
}

# home_of JAVA: sets REPLY to the home of a java command, through any number of symbolic links.
home_of() {
  local file=$1 link
  while [[ -L $file ]]; do
    link=$(readlink -- "$file") || return 1
    [[ $link == /* ]] || link=${file%/*}/$link
    file=$link
  done
  REPLY=${file%/bin/*}
}

# find_jdk_25: sets JDK to the home of a JDK 25 and succeeds, or sets JDKS_SEEN to what else was found and fails.
# GBPF_JAVA_HOME is an order: when it is set, nothing else is tried. GBPF_JDK_PATH, homes separated by colons,
# replaces the places that are searched.
find_jdk_25() {
  local home java place
  local -a homes=()
  JDKS_SEEN=
  if [[ -n ${GBPF_JAVA_HOME:-} ]]; then
    homes=("$GBPF_JAVA_HOME")
  else
    if [[ -n ${GBPF_JDK_PATH+set} ]]; then
      IFS=: read -r -a homes <<<"$GBPF_JDK_PATH"
    else
      [[ -n ${JAVA_HOME:-} ]] && homes+=("$JAVA_HOME")
      java=$(command -v java 2>/dev/null) && [[ $java == /* ]] && home_of "$java" && homes+=("$REPLY")
      for place in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/* /opt/java/* "${HOME:-/root}"/.sdkman/candidates/java/* \
        "${HOME:-/root}"/.jdks/* "${HOME:-/root}"/.local/share/mise/installs/java/* /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-/root}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
        homes+=("$place")
      done
    fi
  fi
  for home in ${homes[@]+"${homes[@]}"}; do
    if is_jdk_25 "$home"; then
      JDK=$home
      return 0
    elif jdk_version "$home"; then
      JDKS_SEEN+="${JDKS_SEEN:+, }$home ($REPLY)"
    fi
  done
  return 1
}

# explain_missing_jdk: says on stderr what to install, and what was found instead.
explain_missing_jdk() {
  if [[ -n ${GBPF_JAVA_HOME:-} ]]; then
    echo "gbpf: error: GBPF_JAVA_HOME=$GBPF_JAVA_HOME is not a JDK 25${JDKS_SEEN:+: $JDKS_SEEN}" >&2
    echo "  help: set it to the folder that holds bin/java of a JDK 25, or unset it to search for one" >&2
    return
  fi
  echo "gbpf: error: no JDK 25 found${JDKS_SEEN:+; found $JDKS_SEEN}" >&2
  echo "  help: install one, or set GBPF_JAVA_HOME to the folder of one that you have:" >&2
  case $(uname -s) in
    Darwin)
      echo "    Homebrew        brew install openjdk@25" >&2
      ;;
    *)
      echo "    Debian, Ubuntu  apt install openjdk-25-jdk      (Temurin's apt repository: temurin-25-jdk)" >&2
      echo "    Fedora, RHEL    dnf install java-25-openjdk-devel" >&2
      ;;
  esac
  echo "    anywhere        sdk install java 25-tem         (https://sdkman.io)" >&2
}
