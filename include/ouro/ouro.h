// Ouro for C++: counted objects that end at once, a collector for their cycles, and a heap one can
// look into. This header brings all of it; the guide is docs/library/README.md.
#pragma once

#include "ouro/allocator.h"
#include "ouro/collector.h"
#include "ouro/heap.h"
#include "ouro/make.h"
#include "ouro/object.h"
#include "ouro/ref.h"
#include "ouro/root.h"
#include "ouro/snapshot.h"
#include "ouro/stats.h"
#include "ouro/trace.h"
#include "ouro/weak.h"
