// A list of places with their coordinates, as municipalities take it out of their maps: UTM, decimal commas,
// some of them missing.
#pragma once

#include <string>

namespace demo {

std::string municipal_places();

}  // namespace demo
