#pragma once

/* CLI11's two classes, declared: its header takes some seconds to compile, so only sources that define options or parse
 * a command line include it. */
namespace CLI {
class App;
class Option;
} // namespace CLI
