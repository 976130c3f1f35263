// A page in a descriptor that a child process can inherit.
#pragma once

#include "kernel/crash/page.hpp"

namespace kernel::crash {

class SharedPage {
public:
    /// A fresh one, zeroed. Throws concejo::Error{internal} when the system refuses.
    SharedPage();
    ~SharedPage();
    SharedPage(const SharedPage&) = delete;
    SharedPage& operator=(const SharedPage&) = delete;

    Page& page() const { return *page_; }
    int fd() const { return fd_; }  ///< close-on-exec; the child gets a duplicate

private:
    int fd_ = -1;
    Page* page_ = nullptr;
};

/// Maps an inherited one, for as long as the process lives. Throws concejo::Error{internal}.
Page& map_page(int fd);

}  // namespace kernel::crash
