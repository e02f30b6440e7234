import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { Permission } from './identity/roles.js';
import { COMMAND, PERMISSION, PUBLIC, READS } from './route.js';

export interface Route {
  method: string;
  path: string;
  handler: string;
  permission?: Permission;
  /** Why it is open to everybody. */
  public?: string;
  command: boolean;
  reads: readonly string[];
}

/** Every route of an application or instance, so that a test can walk them: one with neither permission nor reason lets nobody in. */
export function routesOf(app: {
  get(token: typeof ModulesContainer, options: { strict: false }): ModulesContainer;
}): Route[] {
  const scanner = new MetadataScanner();
  const routes: Route[] = [];
  for (const module of app.get(ModulesContainer, { strict: false }).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as Record<string, (...args: unknown[]) => unknown>;
      const bases = pathsOf(metatype);
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        const method = handler && (Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined);
        if (!handler || method === undefined) continue;
        const read = <T>(key: symbol) =>
          (Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, metatype)) as T | undefined;
        const permission = read<Permission>(PERMISSION);
        const why = read<string>(PUBLIC);
        for (const base of bases) {
          for (const path of pathsOf(handler)) {
            routes.push({
              method: RequestMethod[method],
              path: `/${[base, path]
                .map((part) => part.replace(/^\/|\/$/g, ''))
                .filter(Boolean)
                .join('/')}`,
              handler: `${metatype.name}.${name}`,
              ...(permission && { permission }),
              ...(why !== undefined && { public: why }),
              command: read<boolean>(COMMAND) ?? false,
              reads: read<string[]>(READS) ?? [],
            });
          }
        }
      }
    }
  }
  return routes.sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1));
}

function pathsOf(target: object): string[] {
  const path = Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined;
  return path === undefined ? [''] : [path].flat();
}
