// libyaml, which cuts a YAML text into events.
#include <yaml.h>
