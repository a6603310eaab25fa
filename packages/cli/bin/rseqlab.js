#!/usr/bin/env node
// Committed, unlike dist: package managers link a command only if its file exists at install time.
import '../dist/main.js';
