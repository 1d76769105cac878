# Builds target/lib and the start-up cache. Sourced by gbpf, which has set root, lib, cache, JDK and java.
# One build at a time; others wait for it. Maven puts target/lib in place by one rename at its very end.

log=$root/target/build.log

# fail MESSAGE HELP MORE...
fail() {
  end_line
  printf 'gbpf: error: %s\n  help: %s\n' "$1" "$2" >&2
  shift 2
  (($# == 0)) || printf '    %s\n' "$@" >&2
}

# Progress: one line that is written over on a terminal, a line for each step otherwise.
show() {
  if [[ -t 2 ]]; then
    printf '\r\033[K%s' "${1:0:${COLUMNS:-79}}" >&2
    line_open=1
  elif [[ $1 != "${shown:-}" ]]; then
    shown=$1
    echo "$1" >&2
  fi
}

end_line() {
  [[ -n ${line_open:-} ]] && printf '\r\033[K' >&2
  line_open=
}

# maven_version: sets REPLY without starting a JVM where it can be read from Maven's own jar names.
maven_version() {
  local home
  home_of "$1"
  home=$REPLY
  set -- "$home"/lib/maven-core-*.jar
  if [[ -e $1 ]]; then
    REPLY=${1##*/maven-core-}
    REPLY=${REPLY%.jar}
  else
    REPLY=$("$maven" -version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p')
  fi
}

find_maven() {
  local found
  maven=${GBPF_MAVEN:-mvn}
  if ! found=$(command -v "$maven" 2>/dev/null); then
    if [[ -n ${GBPF_MAVEN:-} ]]; then
      fail "GBPF_MAVEN=$GBPF_MAVEN is not a command" "set it to the path of mvn (3.8 or later), or unset it"
      return 8
    fi
    set -- "Debian, Ubuntu  apt install maven" "Fedora, RHEL    dnf install maven" "anywhere        sdk install maven   (https://sdkman.io)"
    [[ $(uname -s) == Darwin ]] && set -- "Homebrew        brew install maven"
    fail "Maven is needed for the first build, and there is no mvn on the PATH" "install Maven 3.8 or later:" "$@"
    return 8
  fi
  maven=$found
  maven_version "$maven"
  if [[ $REPLY =~ ^([0-9]+)\.([0-9]+) ]] && ((BASH_REMATCH[1] < 3 || (BASH_REMATCH[1] == 3 && BASH_REMATCH[2] < 8))); then
    fail "$maven is Maven $REPLY, and the build needs 3.8 or later" "install a newer one, and name it by GBPF_MAVEN or the PATH"
    return 8
  fi
}

# Holds the lock until the shell ends: flock where there is one, else a folder that names its owner.
lock() {
  local owner
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$root/target/.build.lock"
    if ! flock -n 9; then
      show "gbpf: waiting for another build"
      flock 9
    fi
    return
  fi
  until mkdir "$root/target/.build.lock.d" 2>/dev/null; do
    owner=$(cat "$root/target/.build.lock.d/owner" 2>/dev/null)
    if [[ -n $owner ]] && ! kill -0 "$owner" 2>/dev/null; then
      rm -rf "$root/target/.build.lock.d"
      continue
    fi
    show "gbpf: waiting for another build"
    sleep 1
  done
  echo $$ >"$root/target/.build.lock.d/owner"
}

unlock() {
  if command -v flock >/dev/null 2>&1; then
    exec 9>&-
  else
    rm -rf "$root/target/.build.lock.d"
  fi
}

# What the build is at: the last "Building NAME VERSION [n/m]" of Maven's output.
current_module() {
  REPLY=$(sed -n 's/^.*Building \([^ ]*\) [^[]*\[\([0-9]*\/[0-9]*\)\]$/\2 \1/p' "$log" 2>/dev/null | tail -n 1)
  REPLY=${REPLY:-starting Maven}
}

interrupted() {
  kill "$maven_pid" 2>/dev/null
  wait "$maven_pid" 2>/dev/null
  end_line
  echo "gbpf: build interrupted" >&2
  exit "$1"
}

# Runs Maven in the background with its whole output in the log, and shows how far it is.
run_maven() {
  local began=$SECONDS code
  : >"$log"
  JAVA_HOME=$JDK "$maven" -B -f "$root/pom.xml" -Dmaven.test.skip=true -Dspotless.check.skip=true -Djacoco.skip=true \
    -pl distribution -am package >"$log" 2>&1 </dev/null 9>&- &
  maven_pid=$!
  trap 'interrupted 130' INT
  trap 'interrupted 143' TERM
  trap 'interrupted 129' HUP
  [[ -t 2 ]] || show "gbpf: building target/lib (output in $log)"
  while kill -0 "$maven_pid" 2>/dev/null; do
    current_module
    if [[ -t 2 ]]; then
      show "gbpf: building, $((SECONDS - began)) s: $REPLY"
    else
      show "gbpf: building: $REPLY"
    fi
    sleep 0.3
  done
  wait "$maven_pid"
  code=$?
  trap - INT TERM HUP
  end_line
  if ((code != 0)); then
    echo "gbpf: error: the build failed; its first errors:" >&2
    sed -n '/-> \[Help/q; s/^\[ERROR\] \(..*\)/    \1/p' "$log" | awk '!seen[$0]++' | head -n 6 >&2
    echo "  help: the whole output is in $log" >&2
    return 8
  fi
  [[ -t 2 ]] || echo "gbpf: built in $((SECONDS - began)) s" >&2
}

# Rewrites the jars so that the JVM's ahead-of-time cache can hold their classes whole, and trains the cache on a short run.
# Without either everything works, only starts slower; an empty file says that there is no cache for this build.
make_cache() {
  class_path
  show "gbpf: preparing the start-up cache"
  rm -f "$cache" "$cache.new"
  trap 'end_line; exit 130' INT
  "$JDK/bin/java" -XX:TieredStopAtLevel=1 -cp "$class_path" dev.gbpf.host.startup.JarRewriter "$lib" \
    >"$root/target/rewrite.log" 2>&1 </dev/null 9>&-
  if "${java[@]}" -XX:AOTCacheOutput="$cache.new" -cp "$class_path" dev.gbpf.host.cli.GbpfMain verify \
    "$root/policies/weighted_fair/weighted_fair.gbpf" >"$root/target/cache.log" 2>&1 </dev/null 9>&-; [[ -s $cache.new ]]; then
    mv -f "$cache.new" "$cache"
  else
    : >"$cache"
  fi
  trap - INT
  end_line
}

build() {
  if ! mkdir -p "$root/target" 2>/dev/null || [[ ! -w $root/target ]]; then
    [[ -f $lib/.built ]] && return 0
    fail "cannot write $root/target, where the build belongs" "make $root writable, or build it as its owner first"
    return 8
  fi
  lock
  if ! is_built; then
    if [[ ${GBPF_BUILD:-auto} == never ]]; then
      fail "there is no $lib, and GBPF_BUILD=never forbids to build it" "unset GBPF_BUILD"
      return 8
    fi
    NEED_JAVAC=1
    if ! find_jdk_25; then
      explain_missing_jdk
      return 8
    fi
    find_maven && run_maven || return 8
    if ! is_built; then
      [[ -f $lib/.built ]] || { fail "the build made no $lib" "see $log"; return 8; }
    fi
  fi
  [[ -e $cache && ! $lib/.built -nt $cache ]] || make_cache
  unlock
}
